import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { errorCodes } from '#libs/grading';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { AssignmentType } from './assignment.type.js';
import { SubmissionType } from './submission.type.js';

@ObjectType('Finding', { description: 'What a criterion lost.' })
export class FindingType {
  @Field()
  criterionId!: string;

  @Field(() => String, { nullable: true, description: oneOf(errorCodes) })
  error!: string | null;

  @Field(() => Float)
  awarded!: number;

  @Field(() => Float, { description: 'Points that it is worth.' })
  points!: number;
}

@ObjectType('ScoreReference', { description: 'A score, as confirmReviews asks for it.' })
export class ScoreReferenceType {
  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Uuid)
  scoreId!: string;
}

@ObjectType('ReviewGroup', { description: 'Works of one assignment in which the same was found.' })
export class ReviewGroupType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => AssignmentType)
  assignment!: AssignmentType;

  @Field(() => Int, { description: 'How many wait.' })
  size!: number;

  @Field(() => Float, {
    description:
      'What a look at it is worth: uncertainty × works that are alike × (1 + days of waiting), of its best work.',
  })
  value!: number;

  @Field(() => Float, { nullable: true, description: 'The lowest of its works; null where no program scored them.' })
  confidence!: number | null;

  @Field(() => [FindingType], { description: 'What was found in each of them; none where nothing was lost.' })
  findings!: readonly FindingType[];

  @Field(() => [String])
  flags!: readonly string[];

  @Field(() => SubmissionType, { description: 'The one that is worth most.' })
  example!: SubmissionType;

  @Field(() => [ScoreReferenceType], { description: 'Those that can be confirmed at once, a hundred at most.' })
  confirmable!: readonly ScoreReferenceType[];
}

export const ReviewGroupConnection = connectionTypeOf(ReviewGroupType);
