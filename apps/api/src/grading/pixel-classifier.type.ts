import { Field, InputType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { classifierLimits } from '#libs/grading';
import { markLimits } from '#libs/kernel';
import { Json, Uuid } from '../graphql/scalars.js';

const { pictures, outlines, corners } = classifierLimits;

@InputType({
  description: 'A picture on which all that counts is outlined: an upload of yours, or that of a submission.',
})
export class OutlinedPictureInput {
  @Field(() => Uuid, { nullable: true })
  fileId?: string | null;

  @Field(() => Uuid, { nullable: true })
  submissionId?: string | null;

  @Field(() => Json, {
    description: `1 to ${outlines} outlines, each a list of 3 or more corners [x, y] in pixels of the picture.`,
  })
  outlines!: unknown;
}

@InputType()
export class PixelClassifierInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => [OutlinedPictureInput], { description: `1 to ${pictures}.` })
  pictures!: OutlinedPictureInput[];
}

const coordinate = z.number().min(-markLimits.coordinate).max(markLimits.coordinate);
const outline = z
  .array(z.tuple([coordinate, coordinate]))
  .min(3)
  .max(markLimits.corners);

export const pixelClassifierSchema = z.strictObject({
  courseId: idSchema,
  pictures: z
    .array(
      z.strictObject({
        fileId: idSchema.nullable().default(null),
        submissionId: idSchema.nullable().default(null),
        outlines: z.array(outline).min(1).max(outlines),
      }),
    )
    .min(1)
    .max(pictures)
    .refine(
      (given) => given.flatMap((each) => each.outlines).reduce((sum, each) => sum + each.length, 0) <= corners,
      `has more than ${corners} corners in all`,
    ),
});
