import { Field, InputType, Int } from '@nestjs/graphql';
import { z } from 'zod';
import { controlLimits } from '#libs/recommendation';
import { Uuid } from '../graphql/scalars.js';

@InputType()
export class ControlPinInput {
  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Uuid, { nullable: true, description: 'A learner of the course; left out for everybody.' })
  learnerId?: string | null;

  @Field(() => Date, { nullable: true, description: 'From when on it is pinned no more; left out for no end.' })
  until?: Date | null;
}

@InputType({ description: 'Exactly one of activityId and skillId is set.' })
export class ControlDueDateInput {
  @Field(() => Uuid, { nullable: true, description: 'What should be done by then.' })
  activityId?: string | null;

  @Field(() => Uuid, { nullable: true, description: 'What should be mastered by then.' })
  skillId?: string | null;

  @Field({ description: 'A day such as 2026-12-24; the date comes when it ends in the institution’s time zone.' })
  on!: string;
}

@InputType({ description: 'All that is to stand: what is left out of a list is set no more.' })
export class SetCourseControlsInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Int, {
    description: 'The version that you have read; refused with CHANGED_SINCE where it is another by now.',
  })
  version!: number;

  @Field(() => [ControlPinInput])
  pins!: ControlPinInput[];

  @Field(() => [Uuid], { description: 'Activities that are never recommended or offered.' })
  bannedActivityIds!: string[];

  @Field(() => [Uuid], { description: 'Skills in the order in which they are taught; the others come after them.' })
  skillOrder!: string[];

  @Field(() => [ControlDueDateInput])
  dueDates!: ControlDueDateInput[];
}

const optionalId = z
  .string()
  .nullish()
  .transform((id) => id ?? null);

const pinSchema = z.strictObject({
  activityId: z.string(),
  learnerId: optionalId,
  until: z
    .date()
    .nullish()
    .transform((until) => until ?? null),
});

const dueDateSchema = z
  .strictObject({
    activityId: optionalId,
    skillId: optionalId,
    on: z.iso.date().regex(/^2\d{3}-/, 'The day must be of the years from 2000 to 2999.'),
  })
  .refine(({ activityId, skillId }) => (activityId === null) !== (skillId === null), {
    error: 'Set either activityId or skillId.',
  });

export const setCourseControlsSchema = z.strictObject({
  courseId: z.string(),
  version: z.number(),
  pins: z.array(pinSchema).max(controlLimits.pinned),
  bannedActivityIds: z.array(z.string()).max(controlLimits.banned),
  skillOrder: z.array(z.string()).max(controlLimits.order),
  dueDates: z.array(dueDateSchema).max(controlLimits.due),
});
