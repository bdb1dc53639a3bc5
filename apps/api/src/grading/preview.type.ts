import { Field, Float, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { gradingFailures, worksToTry, type TriedWork } from '#libs/grading';
import { markLimits } from '#libs/kernel';
import { oneOf } from '../graphql/one-of.js';
import { Json, Uuid } from '../graphql/scalars.js';
import { CriterionScoreType, ExtraMark } from './submission.type.js';

@ObjectType('PreviewedGrade', { description: 'What a specification would make of one work. Nothing of it is stored.' })
export class PreviewedGradeType {
  @Field(() => Uuid, { nullable: true, description: 'The submission that it was tried on.' })
  submissionId!: string | null;

  @Field(() => Float, { nullable: true, description: 'Null where no program could grade it.' })
  total!: number | null;

  @Field(() => Float, { nullable: true })
  maximum!: number | null;

  @Field(() => Float, { nullable: true, description: 'The lowest confidence of any criterion.' })
  confidence!: number | null;

  @Field(() => [CriterionScoreType])
  criteria!: readonly CriterionScoreType[];

  @Field(() => [ExtraMark])
  extras!: readonly ExtraMark[];

  @Field(() => [String], { description: 'blank or off-topic, where something is odd about the work.' })
  flags!: readonly string[];

  @Field(() => String, { nullable: true, description: `Why no program could grade it: ${oneOf(gradingFailures)}` })
  failure!: string | null;

  @Field(() => String, { nullable: true, description: 'What its learner would be told to mend.' })
  failureDetail!: string | null;
}

@InputType({ description: 'A work to try: its marks, or a submission of the course.' })
export class WorkToTryInput {
  @Field(() => Json, { nullable: true, description: 'As in SubmitWorkInput.' })
  marks?: unknown;

  @Field(() => Uuid, { nullable: true })
  submissionId?: string | null;
}

@InputType()
export class PreviewGradeInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Json, { description: 'As it would stand in the key of a visual assignment.' })
  specification!: unknown;

  @Field(() => [WorkToTryInput], { description: `1 to ${worksToTry}.` })
  works!: WorkToTryInput[];
}

export const previewGradeSchema = z.strictObject({
  courseId: idSchema,
  specification: z.unknown(),
  works: z
    .array(
      z.strictObject({
        marks: z.array(z.looseObject({})).max(markLimits.strokes).nullable().default(null),
        submissionId: idSchema.nullable().default(null),
      }),
    )
    .min(1)
    .max(worksToTry),
});

export function toPreviewedGrade({ submissionId, result }: TriedWork): PreviewedGradeType {
  if (result.kind === 'ungraded') {
    const { reason: failure, detail: failureDetail } = result;
    const none = { total: null, maximum: null, confidence: null, criteria: [], extras: [], flags: [] };
    return { submissionId, ...none, failure, failureDetail };
  }
  const { total, maximum, confidence, extras, flags } = result;
  const criteria = result.criteria.map(({ evidence, ...criterion }) => ({
    ...criterion,
    ...evidence,
    overridden: false,
    hintsTaken: 0,
  }));
  return { submissionId, total, maximum, confidence, criteria, extras, flags, failure: null, failureDetail: null };
}
