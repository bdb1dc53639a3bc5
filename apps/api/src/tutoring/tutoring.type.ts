import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { interventionTriggers } from '#libs/recommendation';
import { offerReactions } from '#libs/recommendation';
import { interactionKinds } from '#libs/tutoring';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { LearnerActivity } from './activity.type.js';
import { SkillMasteryType } from './mastery.type.js';

@ObjectType('Recommendation', { description: 'What to do next, and why.' })
export class RecommendationType {
  @Field(() => Uuid)
  decisionId!: string;

  @Field(() => LearnerActivity)
  activity!: LearnerActivity;

  @Field({ description: 'One sentence for the learner.' })
  because!: string;
}

@ObjectType('Alternative', { description: 'Something else that could come next.' })
export class AlternativeType {
  @Field(() => LearnerActivity)
  activity!: LearnerActivity;

  @Field(() => Float, { description: 'Probability with which the policy would have chosen it.' })
  probability!: number;
}

@ObjectType('Offer', { description: 'An offer of help, with its material, or of a break.' })
export class OfferType {
  @Field(() => Uuid)
  interventionId!: string;

  @Field({ description: `Why: ${oneOf(interventionTriggers)}` })
  trigger!: string;

  @Field({ description: 'One sentence for the learner.' })
  because!: string;

  @Field(() => LearnerActivity, { nullable: true, description: 'Null for a break.' })
  activity!: LearnerActivity | null;

  @Field(() => Float, { nullable: true, description: 'Length of a break; null for an activity.' })
  breakMinutes!: number | null;
}

@ObjectType('MasteryChange', { description: 'How the probability of a right answer on one skill changed.' })
export class MasteryChangeType {
  @Field(() => Uuid)
  skillId!: string;

  @Field(() => Float)
  before!: number;

  @Field(() => Float)
  after!: number;
}

@ObjectType('LearningSession', { description: 'A stretch of learning in one course.' })
export class SessionType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => Uuid, { nullable: true, description: 'The service that opened it for the learner; null where she did.' })
  openedBy!: string | null;

  @Field({ description: 'Whether what was done in it counts towards a grade.' })
  graded!: boolean;

  @Field({ description: 'When it was opened, by the clock of the device.' })
  deviceAt!: Date;

  @Field({ description: 'When Attune heard of it.' })
  openedAt!: Date;

  @Field(() => Date, { nullable: true })
  closedAt!: Date | null;
}

export const SessionConnection = connectionTypeOf(SessionType);

@ObjectType('OpenedSession')
export class OpenedSessionType {
  @Field(() => Uuid)
  sessionId!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => RecommendationType, { nullable: true, description: 'Null when there is nothing to choose.' })
  recommended!: RecommendationType | null;

  @Field(() => [SkillMasteryType])
  mastery!: readonly SkillMasteryType[];
}

@ObjectType('ClosedSession')
export class ClosedSessionType {
  @Field(() => Uuid)
  sessionId!: string;
}

@ObjectType('RecordedResponse')
export class RecordedResponseType {
  @Field(() => Uuid)
  responseId!: string;

  @Field(() => Int, { description: 'Number of the response among the learner’s in this course.' })
  sequence!: number;

  @Field({ description: 'True when it was recorded before: nothing changed now.' })
  resent!: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Null where the activity asks nothing.' })
  correct!: boolean | null;

  @Field(() => String, { nullable: true })
  feedback!: string | null;

  @Field(() => [MasteryChangeType])
  mastery!: readonly MasteryChangeType[];

  @Field(() => RecommendationType, { nullable: true })
  recommended!: RecommendationType | null;

  @Field(() => OfferType, { nullable: true })
  offer!: OfferType | null;
}

@ObjectType()
export class NotedInteraction {
  @Field(() => Uuid)
  interactionId!: string;

  @Field()
  resent!: boolean;

  @Field(() => OfferType, { nullable: true })
  offer!: OfferType | null;
}

@ObjectType('Hint')
export class HintType {
  @Field(() => Uuid)
  hintId!: string;

  @Field(() => Int, { description: 'From 1.' })
  step!: number;

  @Field(() => Int)
  steps!: number;

  @Field()
  text!: string;

  @Field(() => OfferType, { nullable: true })
  offer!: OfferType | null;
}

@ObjectType('Reaction')
export class ReactionType {
  @Field(() => Uuid)
  interventionId!: string;

  @Field({ description: oneOf(offerReactions) })
  reaction!: string;

  @Field(() => LearnerActivity, { nullable: true, description: 'The material, when the offer was accepted.' })
  activity!: LearnerActivity | null;
}

@InputType()
export class OpenSessionInput {
  @Field(() => Uuid, { description: 'Made by you; the same id opens the same session again.' })
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid, { nullable: true, description: 'For whom, where a trusted service opens it. Default: for you.' })
  learnerId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'What is done in it counts towards a grade: nothing is left to chance, and no policies are compared. Default: false.',
  })
  graded?: boolean | null;

  @Field({ description: 'When, by the clock of the device.' })
  at!: Date;
}

@InputType({ description: 'Exactly one field is set, the one that the form asks for.' })
export class AnswerInput {
  @Field(() => Boolean, { nullable: true, description: 'For none: true closes the activity.' })
  done?: boolean;

  @Field(() => String, { nullable: true })
  choice?: string;

  @Field(() => [String], { nullable: true })
  choices?: string[];

  @Field(() => Float, { nullable: true })
  number?: number;

  @Field(() => String, { nullable: true })
  text?: string;

  @Field(() => [String], { nullable: true })
  order?: string[];
}

@InputType()
export class RecordResponseInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  sessionId!: string;

  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Int)
  activityVersion!: number;

  @Field(() => AnswerInput)
  answer!: AnswerInput;

  @Field(() => Boolean, { nullable: true, description: 'Only from a trusted service, where the client grades.' })
  correct?: boolean | null;

  @Field(() => Int)
  durationMs!: number;

  @Field({ description: 'When, by the clock of the device.' })
  at!: Date;
}

@InputType()
export class RecordInteractionInput {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  sessionId!: string;

  @Field({ description: oneOf(interactionKinds) })
  kind!: string;

  @Field(() => Uuid, { nullable: true })
  activityId?: string | null;

  @Field()
  at!: Date;
}

@InputType()
export class RequestHintInput {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  sessionId!: string;

  @Field(() => Uuid)
  activityId!: string;

  @Field()
  at!: Date;
}

export const OpenSessionResult = resultOf('OpenSessionResult', OpenedSessionType);
export const CloseSessionResult = resultOf('CloseSessionResult', ClosedSessionType);
export const RecordResponseResult = resultOf('RecordResponseResult', RecordedResponseType);
export const RecordInteractionResult = resultOf('RecordInteractionResult', NotedInteraction);
export const RequestHintResult = resultOf('RequestHintResult', HintType);
export const ReactToOfferResult = resultOf('ReactToOfferResult', ReactionType);
