import { Field, Int, ObjectType } from '@nestjs/graphql';
import { controlWarningCodes } from '#libs/tutoring';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('ControlPin', {
  description: 'An activity that comes before everything else, as long as it has not been done.',
})
export class ControlPinType {
  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Uuid, { nullable: true, description: 'For whom; null for everybody.' })
  learnerId!: string | null;

  @Field(() => Date, { nullable: true, description: 'From when on it is pinned no more; null for no end.' })
  until!: Date | null;
}

@ObjectType('ControlDueDate', {
  description: 'A date by which an activity should be done, or a skill mastered: one of the two is set.',
})
export class ControlDueDateType {
  @Field(() => Uuid, { nullable: true })
  activityId!: string | null;

  @Field(() => Uuid, { nullable: true })
  skillId!: string | null;

  @Field({ description: 'The day in the institution’s time zone at whose end the date has come, such as 2026-12-24.' })
  on!: string;
}

@ObjectType('ControlWarning', { description: 'Something to know of what is set; it works all the same, as it says.' })
export class ControlWarningType {
  @Field({ description: oneOf(controlWarningCodes) })
  code!: string;

  @Field({ description: 'One sentence.' })
  message!: string;

  @Field(() => [Uuid], { description: 'The activities and skills that it is about.' })
  ids!: readonly string[];
}

@ObjectType('CourseControls', { description: 'What the teachers of a course have set for what comes next.' })
export class CourseControlsType {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Int, { description: 'Rises with every change; send it with yours. 0 where nothing was ever set.' })
  version!: number;

  @Field(() => [ControlPinType], { description: 'The first that a learner has not done comes first.' })
  pins!: readonly ControlPinType[];

  @Field(() => [Uuid], { description: 'What is never recommended or offered.' })
  bannedActivityIds!: readonly string[];

  @Field(() => [Uuid], { description: 'Learners are kept to the first of these skills that is open and not mastered.' })
  skillOrder!: readonly string[];

  @Field(() => [ControlDueDateType], { description: 'What serves a date is the more urgent the nearer it is.' })
  dueDates!: readonly ControlDueDateType[];

  @Field(() => [ControlWarningType])
  warnings!: readonly ControlWarningType[];
}

export const CourseControlsResult = resultOf('CourseControlsResult', CourseControlsType);
