import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { certificationStates, decisionOutcomes, deferralReasons } from '#libs/grading';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('Certification', {
  description:
    'How far a program may be trusted with one type of criterion, by what the teachers of the institution decided on works that they had to look at.',
})
export class CertificationType {
  @Field({ description: 'Of work, such as labelled-parts.' })
  kind!: string;

  @Field({ description: 'Such as part or class.' })
  criterionType!: string;

  @Field({ description: 'The program.' })
  grader!: string;

  @Field(() => Int)
  graderVersion!: number;

  @Field(() => Uuid, { nullable: true, description: 'The model that the program asks.' })
  modelId!: string | null;

  @Field({
    description: `${oneOf(certificationStates)} auto-release: where an assignment allows it, what is above the threshold goes out without a teacher.`,
  })
  state!: string;

  @Field(() => Int, { description: 'Decisions of teachers, one for each criterion of a work; the last 1,000.' })
  audits!: number;

  @Field(() => Int, { description: 'Those with other points than the program’s.' })
  errors!: number;

  @Field(() => Float, { nullable: true, description: 'The confidence from which on scores may go out.' })
  threshold!: number | null;

  @Field(() => Int, { description: 'Audits from the threshold on that had no say in it.' })
  boundAudits!: number;

  @Field(() => Int, { description: 'Works that these belong to.' })
  boundWorks!: number;

  @Field(() => Int)
  boundErrors!: number;

  @Field(() => Float, {
    description: 'By these, the upper 95 % bound of the share of errors; at .02 or below scores may go out.',
  })
  bound!: number;

  @Field(() => Float, { nullable: true, description: 'Share of the criteria that are at the threshold or above.' })
  coverage!: number | null;

  @Field({ description: 'Whether too many of the last audits are errors.' })
  hasDrifted!: boolean;

  @Field(() => Int, { description: 'About how many more audits it takes, if teachers agree in all of them.' })
  auditsNeeded!: number;
}

@ObjectType({ description: 'An estimate with its 95 % interval.' })
export class Interval {
  @Field(() => Float)
  value!: number;

  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;
}

@ObjectType({ description: 'Decisions whose confidence is from `from` to `from` + .1.' })
export class ReliabilityBin {
  @Field(() => Float)
  from!: number;

  @Field(() => Int)
  count!: number;

  @Field(() => Float, { description: 'Mean.' })
  confidence!: number;

  @Field(() => Float, { description: 'Share with the very same points.' })
  exact!: number;
}

@ObjectType({ description: 'Agreement in a part of the decisions.' })
export class PartialAgreement {
  @Field({ description: 'The version of the program, with its model if it has one; or the month, such as 2026-11.' })
  name!: string;

  @Field(() => Int)
  decisions!: number;

  @Field(() => Float, { description: 'Share with the very same points.' })
  exact!: number;
}

@ObjectType('Agreement', { description: 'How a program agrees with teachers. Null: the decisions do not say.' })
export class AgreementType {
  @Field(() => Int, { description: 'Criteria that a program had scored and a teacher decided on.' })
  decisions!: number;

  @Field(() => Float, { nullable: true, description: 'Share with the very same points.' })
  exact!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share that is at most one level apart; of three levels or more.',
  })
  adjacent!: number | null;

  @Field(() => Float, { nullable: true, description: 'Cohen’s κ.' })
  kappa!: number | null;

  @Field(() => Interval, { nullable: true, description: 'κ with quadratic weights; its interval from a bootstrap.' })
  weightedKappa!: Interval | null;

  @Field(() => Float, { nullable: true, description: 'Expected calibration error of the grader’s own confidence.' })
  confidenceError!: number | null;

  @Field(() => Float, { nullable: true, description: 'The same of what that confidence was found to be worth.' })
  calibrationError!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The largest share that could go out, the surest first, with 99 % of it exact.',
  })
  coverage!: number | null;

  @Field(() => [Float], { description: 'Shares of the points that were awarded, rising.' })
  levels!: readonly number[];

  @Field(() => [[Int]], {
    description: 'How often the teacher awarded a level (row) where the program gave a level (column).',
  })
  confusion!: readonly (readonly number[])[];

  @Field(() => [ReliabilityBin])
  reliability!: readonly ReliabilityBin[];

  @Field(() => [PartialAgreement])
  byVersion!: readonly PartialAgreement[];

  @Field(() => [PartialAgreement])
  byMonth!: readonly PartialAgreement[];
}

@ObjectType({ description: 'Agreement on one criterion.' })
export class CriterionAgreement {
  @Field()
  criterionId!: string;

  @Field()
  label!: string;

  @Field(() => AgreementType)
  agreement!: AgreementType;
}

@ObjectType('AssignmentAgreement', {
  description: 'Agreement on an assignment, over its latest 1,000 works that a teacher decided on.',
})
export class AssignmentAgreementType {
  @Field(() => Int)
  works!: number;

  @Field(() => AgreementType, { description: 'Over all criteria.' })
  overall!: AgreementType;

  @Field(() => [CriterionAgreement])
  criteria!: readonly CriterionAgreement[];
}

@ObjectType({ description: 'How sure a program was of a criterion.' })
export class SureCriterion {
  @Field()
  criterionId!: string;

  @Field()
  criterionType!: string;

  @Field(() => Float, { description: 'As the program gave it.' })
  confidence!: number;

  @Field(() => Float, { nullable: true, description: 'What it was worth: the share that was right so far.' })
  calibrated!: number | null;
}

@ObjectType({ description: 'What audits had said of a type of criterion when it was decided.' })
export class CitedCertification {
  @Field()
  criterionType!: string;

  @Field({ description: oneOf(certificationStates) })
  state!: string;

  @Field(() => Float, { nullable: true })
  threshold!: number | null;

  @Field(() => Float)
  bound!: number;

  @Field(() => Int)
  audits!: number;

  @Field(() => Int)
  errors!: number;
}

@ObjectType('GradingDecision', { description: 'What was decided about a score. Decisions are only added.' })
export class GradingDecisionType {
  @Field(() => Uuid)
  scoreId!: string;

  @Field({
    description: `${oneOf(decisionOutcomes)} released: it counts, and went out because the program is certified.`,
  })
  outcome!: string;

  @Field(() => String, { nullable: true, description: `Why it went to a teacher: ${oneOf(deferralReasons)}` })
  reason!: string | null;

  @Field(() => Uuid, { nullable: true, description: 'Who decided, by pseudonym; null for the program.' })
  actor!: string | null;

  @Field({ description: 'SHA-256 of the specification that the score is by.' })
  specificationHash!: string;

  @Field(() => [SureCriterion])
  criteria!: readonly SureCriterion[];

  @Field(() => [CitedCertification], { description: 'Of work that counts.' })
  certifications!: readonly CitedCertification[];

  @Field()
  decidedAt!: Date;
}
