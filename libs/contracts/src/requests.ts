import { z } from 'zod';
import { markLimits } from '#libs/kernel';
import { cursorSchema, deviceTimeSchema, idSchema } from './scalars.js';

/** An answer, by the kind of form that the activity shows. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done') }),
  z.strictObject({ kind: z.literal('choice'), option: z.string().max(32) }),
  z.strictObject({ kind: z.literal('choices'), options: z.array(z.string().max(32)).max(12) }),
  z.strictObject({ kind: z.literal('number'), value: z.number() }),
  z.strictObject({ kind: z.literal('text'), text: z.string().max(500) }),
  z.strictObject({ kind: z.literal('order'), items: z.array(z.string().max(32)).max(12) }),
]);

/**
 * Opens a learning session, or finds it again by its id. `learnerId`: whose, where a trusted service opens it. `graded`:
 * what is done in it counts towards a grade, so nothing is left to chance and no policies are compared.
 */
export const openSessionSchema = z.strictObject({
  id: idSchema,
  courseId: idSchema,
  learnerId: idSchema.nullable().default(null),
  graded: z.boolean().default(false),
  at: deviceTimeSchema,
});

export const closeSessionSchema = z.strictObject({ sessionId: idSchema });

/** Records a response. The same id with the same body is the same response; with another body it is refused. */
export const recordResponseSchema = z.strictObject({
  id: idSchema,
  sessionId: idSchema,
  activityId: idSchema,
  activityVersion: z.int().min(1).max(1_000_000),
  answer: answerSchema,
  correct: z.boolean().nullable().default(null),
  durationMs: z.int().min(0).max(86_400_000),
  at: deviceTimeSchema,
});

export const recordInteractionSchema = z.strictObject({
  id: idSchema,
  sessionId: idSchema,
  kind: z.enum(['activity-shown', 'went-idle', 'came-back', 'left-page', 'asked-for-help']),
  activityId: idSchema.nullable().default(null),
  at: deviceTimeSchema,
});

export const requestHintSchema = z.strictObject({
  id: idSchema,
  sessionId: idSchema,
  activityId: idSchema,
  at: deviceTimeSchema,
});

export const reactToOfferSchema = z.strictObject({
  interventionId: idSchema,
  reaction: z.enum(['accepted', 'dismissed', 'contested']),
  at: deviceTimeSchema,
});

const coordinate = z.number().min(-markLimits.coordinate).max(markLimits.coordinate);
const extent = z.number().positive().max(markLimits.coordinate);

/** A place of a stroke; with milliseconds since the first one, where the app has them. */
const strokePoint = z.tuple([coordinate, coordinate, z.number().min(0).max(86_400_000).optional()]);

const writtenId = z.string().min(1).max(markLimits.id);
const quantity = z.number().min(-1e9).max(1e9);

/**
 * One label that a learner put on a picture, or one stroke that she drew, in pixels of the picture or canvas; or, in words in
 * place of a drawing, a place or figure that she named, an arrow between two figures, a point of a curve, a reading, or a text.
 */
export const markSchema = z.strictObject({
  id: z.string().min(1).max(markLimits.id),
  label: z.string().max(markLimits.label).default(''),
  shape: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('point'), x: coordinate, y: coordinate }),
    z.strictObject({
      kind: z.literal('box'),
      x: coordinate,
      y: coordinate,
      width: extent,
      height: extent,
    }),
    z.strictObject({
      kind: z.literal('polygon'),
      points: z
        .array(z.tuple([coordinate, coordinate]))
        .min(3)
        .max(markLimits.corners),
    }),
    z.strictObject({ kind: z.literal('stroke'), points: z.array(strokePoint).min(1).max(markLimits.strokePoints) }),
    z.strictObject({ kind: z.literal('place'), place: writtenId }),
    z.strictObject({ kind: z.literal('figure'), type: writtenId }),
    z.strictObject({ kind: z.literal('arrow'), from: writtenId, to: writtenId }),
    z.strictObject({ kind: z.literal('value'), x: quantity, y: quantity }),
    z.strictObject({ kind: z.literal('reading'), of: writtenId, value: quantity }),
    z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(markLimits.text) }),
  ]),
});

/** Hands work in. `fileIds` name pictures, or a file, that were uploaded before, in order; `fileId` comes before them. */
export const submitWorkSchema = z.strictObject({
  id: idSchema,
  assignmentId: idSchema,
  marks: z.array(markSchema).max(markLimits.strokes),
  fileId: idSchema.nullable().default(null).describe('Deprecated: name it first in fileIds. Gone after 2028-01-31.'),
  fileIds: z.array(idSchema).max(8).default([]).describe('What was uploaded before, in order: pictures, or a file.'),
  at: deviceTimeSchema,
});

/** The files of work that is handed in, in order, whichever way they are named. */
export function filesOfWork({
  fileId,
  fileIds,
}: Pick<z.infer<typeof submitWorkSchema>, 'fileId' | 'fileIds'>): string[] {
  return fileId === null ? fileIds : [fileId, ...fileIds];
}

/** Asks for the next hint on a criterion of graded work. */
export const requestWorkHintSchema = z.strictObject({
  id: idSchema,
  submissionId: idSchema,
  criterionId: z.string().min(1).max(64),
  at: deviceTimeSchema,
});

export const watchCourseSchema = z.strictObject({ courseId: idSchema });

/**
 * Asks for what was missed. Learners catch up on their own stream; teachers name a course. `after` null asks where the
 * stream stands now, and for no events.
 */
export const catchUpSchema = z.strictObject({ after: cursorSchema.nullable(), courseId: idSchema.optional() });

export const renewTokenSchema = z.strictObject({ accessToken: z.string().min(1).max(4_000) });
