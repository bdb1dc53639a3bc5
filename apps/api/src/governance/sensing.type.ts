import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { ceilingScopes, consentGivers, sensingModes } from '#libs/governance';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'What the law of some place leaves, and where it says so.' })
export class SensingRule {
  @Field({ description: 'Such as eu-ai-act-5-1-f.' })
  id!: string;

  @Field()
  title!: string;

  @Field({ description: 'The name of the law.' })
  source!: string;

  @Field({ description: 'Where it can be read.' })
  url!: string;

  @Field({ description: 'A day, as YYYY-MM-DD.' })
  inForceSince!: string;

  @Field({ description: 'When somebody last held this rule against the law: a day, as YYYY-MM-DD.' })
  reviewedOn!: string;
}

@ObjectType({ description: 'A reason why it may be looked no more closely.' })
export class SensingLimit {
  @Field({
    description:
      'law: a rule forbids more; review: nobody has recorded that the law of this place was looked into; ceiling: somebody has set it, or nobody ' +
      'has set more; consent: it lacks somebody’s consent; graded: what counts towards a grade is not watched.',
  })
  by!: string;

  @Field({ description: `The most that it leaves: ${oneOf(sensingModes)}` })
  most!: string;

  @Field(() => SensingRule, { nullable: true, description: 'For law.' })
  rule!: SensingRule | null;

  @Field(() => String, { nullable: true, description: `For ceiling: what it is set for, ${oneOf(ceilingScopes)}` })
  scope!: string | null;

  @Field(() => [String], {
    description: `For consent: who has to give it, or has withdrawn it: ${oneOf(consentGivers)}`,
  })
  lacksConsentOf!: string[];
}

@ObjectType({ description: 'How closely it may be looked at how a learner is doing.' })
export class Sensing {
  @Field({
    description:
      'off: not at all; behaviour: by what is done in the app; attention: also by gaze and posture; affect: also by the face. ' +
      'The strictest of the limits holds.',
  })
  mode!: string;

  @Field(() => [SensingLimit], { description: 'The strictest first.' })
  limits!: SensingLimit[];
}

@ObjectType({ description: 'The most that may be looked at, for an institution, a course, an activity or a learner.' })
export class SensingCeiling {
  @Field({ description: oneOf(ceilingScopes) })
  scope!: string;

  @Field(() => Uuid)
  subjectId!: string;

  @Field(() => String, { nullable: true, description: `${oneOf(sensingModes)} Null where none is set.` })
  mode!: string | null;
}

@InputType()
export class SetSensingCeilingInput {
  @Field({ description: oneOf(ceilingScopes) })
  scope!: string;

  @Field(() => Uuid, { description: 'Of the course, activity or learner, or of the institution itself.' })
  subjectId!: string;

  @Field(() => String, { nullable: true, description: `${oneOf(sensingModes)} Null takes it away.` })
  mode?: string | null;
}

@ObjectType({ description: 'Whether it is looked at that learners leave the page.' })
export class PresenceWatch {
  @Field()
  on!: boolean;
}

export const SetPresenceWatchResult = resultOf('SetPresenceWatchResult', PresenceWatch);

export const setSensingCeilingSchema = z.strictObject({
  scope: z.enum(ceilingScopes),
  subjectId: z.string(),
  mode: z.enum(sensingModes).nullable().default(null),
});

export const SetSensingCeilingResult = resultOf('SetSensingCeilingResult', SensingCeiling);
