import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { errorCodes, gradingFailures, hintKeys, scoreSources, submissionStates } from '#libs/grading';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Json, Uuid } from '../graphql/scalars.js';
import { AssignmentType } from './assignment.type.js';
import { ProjectReportType } from './project-report.type.js';

const stateWords = `${submissionStates.join(', ')}; awaiting-teacher for learners where it counts.`;

@ObjectType({ description: 'What to say about a lost point: a key of the catalogue of messages, and its parameters.' })
export class CriterionHint {
  @Field({ description: oneOf(hintKeys) })
  key!: string;

  @Field(() => Json, { description: 'Texts and numbers by name.' })
  parameters!: unknown;
}

@ObjectType('CriterionScore', { description: 'The score of one criterion, such as one part of the picture.' })
export class CriterionScoreType {
  @Field()
  criterionId!: string;

  @Field()
  label!: string;

  @Field(() => Float, { description: 'Points that it is worth.' })
  points!: number;

  @Field(() => Float)
  awarded!: number;

  @Field(() => Float, {
    description: '0 to 1: of a rule its weight, not a calibrated probability; of a model its calibrated probability.',
  })
  confidence!: number;

  @Field(() => String, {
    nullable: true,
    description: `${oneOf(errorCodes)} Null when all is right.`,
  })
  error!: string | null;

  @Field(() => [String], { description: 'The marks that the score rests on.' })
  markIds!: readonly string[];

  @Field(() => [[[Float]]], {
    description:
      'Outlines in pixels, each a list of corners [x, y]: where the wrong mark is. Where a part is that was not found, its learner sees after the second hint on it.',
  })
  regions!: readonly unknown[];

  @Field(() => CriterionHint, { nullable: true })
  hint!: CriterionHint | null;

  @Field({ description: 'Whether a teacher changed it.' })
  overridden!: boolean;

  @Field(() => Int, { description: 'Hints that the learner has taken on it.' })
  hintsTaken!: number;
}

@ObjectType({ description: 'A mark that answers nothing that was asked.' })
export class ExtraMark {
  @Field()
  markId!: string;

  @Field()
  label!: string;

  @Field(() => [[Float]], { description: 'Outline in pixels.' })
  region!: readonly unknown[];
}

@ObjectType('ReviewComment', { description: 'What a teacher says of a work: of one criterion, or of the whole.' })
export class ReviewCommentType {
  @Field(() => String, { nullable: true, description: 'Null where it is about the whole.' })
  criterionId!: string | null;

  @Field()
  text!: string;

  @Field(() => Json, {
    nullable: true,
    description:
      'What she has drawn, in pixels: a point, box or polygon as in SubmitWorkInput, or a stroke { kind, points }.',
  })
  shape!: unknown;
}

@ObjectType('Score', {
  description: 'One judgement of a submission. Scores are only added; the last one that was not taken back stands.',
})
export class ScoreType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Int, { description: 'From 1.' })
  sequence!: number;

  @Field({ description: oneOf(scoreSources) })
  source!: string;

  @Field({ description: 'The program that marked, or teacher.' })
  grader!: string;

  @Field(() => Int)
  graderVersion!: number;

  @Field(() => Uuid, { nullable: true, description: 'The model that the program asked.' })
  modelId!: string | null;

  @Field(() => Float)
  total!: number;

  @Field(() => Float)
  maximum!: number;

  @Field(() => Float, { description: 'The lowest confidence of any criterion.' })
  confidence!: number;

  @Field(() => [CriterionScoreType])
  criteria!: readonly CriterionScoreType[];

  @Field(() => [ExtraMark])
  extras!: readonly ExtraMark[];

  @Field(() => [String], { description: 'blank or off-topic, where something is odd about the work.' })
  flags!: readonly string[];

  @Field(() => ProjectReportType, { nullable: true, description: 'Of a project; null for other work.' })
  report!: ProjectReportType | null;

  @Field(() => String, { nullable: true, description: 'The teacher’s words.' })
  reason!: string | null;

  @Field(() => [ReviewCommentType], { description: 'Of a review.' })
  comments!: readonly ReviewCommentType[];

  @Field({ description: 'Whether a teacher took it back. To learners such a score is not shown.' })
  withdrawn!: boolean;

  @Field(() => Uuid, {
    nullable: true,
    description: 'Of a withdrawal, the review that it takes back; it repeats the score that stands again.',
  })
  withdrawsId!: string | null;

  @Field()
  scoredAt!: Date;
}

@ObjectType('ModelJudgement', { description: 'What a model judged of one criterion of a work.' })
export class ModelJudgementType {
  @Field(() => Uuid)
  modelId!: string;

  @Field()
  criterionId!: string;

  @Field(() => String, { nullable: true, description: 'Null where it gave no answer.' })
  label!: string | null;

  @Field(() => Float, { nullable: true, description: 'Calibrated probability of the label.' })
  probability!: number | null;

  @Field(() => Float, { nullable: true, description: 'Points that follow from it; null where it does not know.' })
  awarded!: number | null;

  @Field()
  judgedAt!: Date;
}

@ObjectType('Lookalike', { description: 'Work of another whose picture looks alike.' })
export class LookalikeType {
  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Int, { description: 'In how many of 64 bits the perceptual hashes differ, 10 at most.' })
  bits!: number;
}

@ObjectType('Submitter', { description: 'Who handed the work in.' })
export class SubmitterType {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;
}

@ObjectType('Submission', { description: 'Work that a learner handed in.' })
export class SubmissionType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => AssignmentType)
  assignment!: AssignmentType;

  @Field({
    description: stateWords,
  })
  state!: string;

  @Field(() => String, {
    nullable: true,
    description: `Why no program could grade it; for teachers: ${oneOf(gradingFailures)}`,
  })
  failure!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What was wrong with a file that could not be graded, and can be mended, in words; or why the work was withdrawn.',
  })
  failureDetail!: string | null;

  @Field({ description: 'Whether a teacher handed it in for its learner, from the scans of a class.' })
  fromScan!: boolean;

  @Field(() => Json, { description: 'The marks as they were handed in; none where a picture or a file is asked for.' })
  marks!: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the picture or file that was handed in; needs the token too.',
  })
  picture!: string | null;

  @Field({ description: 'When, by the clock of the device.' })
  deviceAt!: Date;

  @Field()
  receivedAt!: Date;
}

@ObjectType('SubmittedWork')
export class SubmittedWorkType {
  @Field(() => Uuid)
  submissionId!: string;

  @Field({ description: stateWords })
  state!: string;

  @Field({ description: 'True when it was handed in before: nothing changed now.' })
  resent!: boolean;
}

@ObjectType('WorkHint')
export class WorkHintType {
  @Field(() => Uuid)
  hintId!: string;

  @Field(() => Int, { description: 'From 1.' })
  step!: number;

  @Field(() => Int)
  steps!: number;

  @Field()
  text!: string;
}

@InputType()
export class SubmitWorkInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  assignmentId!: string;

  @Field(() => Json, {
    description:
      'Empty where a picture or a file is asked for; else a list of marks: { id, label, shape } with the shape a point { kind, x, y }, a box { kind, x, y, width, height } a polygon { kind, points } or a stroke { kind, points }, in pixels of the picture. In words instead: a place { kind, place }, a figure { kind, type }, an arrow { kind, from, to }, a value { kind, x, y }, a reading { kind, of, value } or a text { kind, text }.',
  })
  marks!: unknown;

  @Field(() => Uuid, { nullable: true, description: 'A picture or file that you uploaded before.' })
  fileId?: string | null;

  @Field({ description: 'When, by the clock of the device.' })
  at!: Date;
}

@InputType()
export class RequestWorkHintInput {
  @Field(() => Uuid, { description: 'Made by you; a resend gets the same hint.' })
  id!: string;

  @Field(() => Uuid)
  submissionId!: string;

  @Field()
  criterionId!: string;

  @Field({ description: 'When, by the clock of the device.' })
  at!: Date;
}

export const SubmitWorkResult = resultOf('SubmitWorkResult', SubmittedWorkType);
export const RequestWorkHintResult = resultOf('RequestWorkHintResult', WorkHintType);
