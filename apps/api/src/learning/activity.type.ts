import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { activityKinds, modalities } from '#libs/learning';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Json, Uuid } from '../graphql/scalars.js';
import { LearnerActivity } from '../tutoring/activity.type.js';

@ObjectType({ description: 'One immutable version of an activity, for teachers: the content holds the key.' })
export class ActivityVersion {
  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => Float, { description: 'Logits: 0 is right half of the time for a learner of average ability.' })
  difficulty!: number;

  @Field(() => Float)
  minutes!: number;

  @Field(() => [Uuid])
  skillIds!: readonly string[];

  @Field(() => Json, {
    description: 'Title, body, media, form, key, hints, feedback, misconceptions, translations, gradedBy.',
  })
  content!: unknown;

  @Field()
  createdAt!: Date;
}

@ObjectType({ description: 'An activity, for teachers. Learners see a LearnerActivity, which has no key.' })
export class Activity {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Int, { description: 'Small number within the course.' })
  number!: number;

  @Field({ description: oneOf(activityKinds) })
  kind!: string;

  @Field({ description: oneOf(modalities) })
  modality!: string;

  @Field()
  language!: string;

  @Field(() => Int, { description: 'Number of the version that is taught.' })
  version!: number;

  @Field(() => ActivityVersion, { description: 'The version that is taught.' })
  current!: ActivityVersion;

  @Field(() => Date, { nullable: true })
  archivedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Where it comes from.' })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId!: string | null;
}

@InputType({ description: 'Everything that an activity says and asks.' })
export class ActivityDraftInput {
  @Field({ description: oneOf(activityKinds) })
  kind!: string;

  @Field({ description: oneOf(modalities) })
  modality!: string;

  @Field({ description: 'Language tag, such as en or zh-CN.' })
  language!: string;

  @Field(() => Float, { description: 'Logits, -4 to 4.' })
  difficulty!: number;

  @Field(() => Float, { description: '0.1 to 120.' })
  minutes!: number;

  @Field(() => [Uuid], { description: '1 to 6 skills of the course.' })
  skillIds!: string[];

  @Field(() => Json, {
    description: 'Title, body, media, form, key, hints, feedback, misconceptions, translations, gradedBy.',
  })
  content!: unknown;
}

@InputType()
export class CreateActivityInput extends ActivityDraftInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => String, { nullable: true, description: 'Where it comes from; goes with externalId.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId?: string | null;
}

@InputType()
export class PublishActivityVersionInput extends ActivityDraftInput {
  @Field(() => Uuid)
  activityId!: string;
}

export const ActivityConnection = connectionTypeOf(Activity);
export const LearnerActivityConnection = connectionTypeOf(LearnerActivity);
export const ActivityResult = resultOf('ActivityResult', Activity);
