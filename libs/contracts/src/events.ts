import { z } from 'zod';
import { masteryChangeSchema } from './answers.js';
import { cursorSchema, idSchema } from './scalars.js';

const recommended = z.object({ decisionId: idSchema, activityId: idSchema, activityVersion: z.int() });

/** Where a streamed event stands: its number in the stream, and when it happened. */
const envelope = { sequence: cursorSchema, at: z.string() };

const scoreSettled = z.object({
  ...envelope,
  courseId: idSchema,
  assignmentId: idSchema,
  submissionId: idSchema,
  scoreId: idSchema,
  source: z.enum(['automatic', 'review']),
  state: z.string(),
  /** Null while graded work waits for the teacher. */
  total: z.number().nullable(),
  maximum: z.number(),
});

/** What a learner's devices hear. Streamed events are stored; the others concern the connection. */
export const learnEvents = {
  'response.recorded': z.object({
    ...envelope,
    courseId: idSchema,
    sessionId: idSchema,
    responseId: idSchema,
    correct: z.boolean().nullable(),
    mastery: z.array(masteryChangeSchema),
    recommended: recommended.nullable(),
  }),
  'activity.recommended': z.object({ ...envelope, courseId: idSchema, sessionId: idSchema, recommended }),
  'intervention.offered': z.object({
    ...envelope,
    courseId: idSchema,
    sessionId: idSchema,
    interventionId: idSchema,
    trigger: z.string(),
    activityId: idSchema,
    activityVersion: z.int(),
  }),
  'score.settled': scoreSettled,
} as const;

/** What the teachers of a course hear. */
export const teachEvents = {
  'submission.received': z.object({
    ...envelope,
    courseId: idSchema,
    assignmentId: idSchema,
    submissionId: idSchema,
    learnerId: idSchema,
  }),
  'submission.queued': z.object({
    ...envelope,
    courseId: idSchema,
    assignmentId: idSchema,
    submissionId: idSchema,
    learnerId: idSchema,
    total: z.number(),
    maximum: z.number(),
    confidence: z.number(),
  }),
  'submission.reviewed': z.object({
    ...envelope,
    courseId: idSchema,
    assignmentId: idSchema,
    submissionId: idSchema,
    scoreId: idSchema,
    reviewerId: idSchema,
    total: z.number(),
    maximum: z.number(),
  }),
} as const;

/** What every socket may hear about itself. */
export const connectionEvents = {
  'token.expiring': z.object({ expiresAt: z.string() }),
  'connection.refused': z.object({ code: z.string(), message: z.string() }),
  /** The server lost its own line to the events for a moment, so some may be missing: catch up. */
  'events.interrupted': z.object({}),
} as const;
