import { z } from 'zod';
import { masteryChangeSchema } from './answers.js';
import { cursorSchema, idSchema } from './scalars.js';

const recommended = z.object({ decisionId: idSchema, activityId: idSchema, activityVersion: z.int() });

/** What every streamed event has besides: its number in the stream, and when it happened. */
const envelope = { sequence: cursorSchema, at: z.string() };

/** Handed-in work that an event is about. */
const piece = { ...envelope, courseId: idSchema, assignmentId: idSchema, submissionId: idSchema };

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
  /** A score that stands: a program was sure of it, or a teacher has settled it. */
  'score.settled': z.object({
    ...piece,
    scoreId: idSchema,
    source: z.enum(['automatic', 'review']),
    state: z.enum(['graded', 'reviewed']),
    total: z.number(),
    maximum: z.number(),
  }),
  /** A teacher has to look first. Of work that counts, and of work that no program could score, there is no total. */
  'score.deferred': z.object({
    ...piece,
    state: z.enum(['needs-review', 'failed', 'awaiting-teacher']),
    total: z.number().nullable(),
    maximum: z.number().nullable(),
  }),
} as const;

/** What the teachers of a course hear. */
export const teachEvents = {
  'submission.received': z.object({ ...piece, learnerId: idSchema }),
  /** Work waits for a teacher. Where no program could score it, the three numbers are null. */
  'submission.awaits-review': z.object({
    ...piece,
    learnerId: idSchema,
    total: z.number().nullable(),
    maximum: z.number().nullable(),
    confidence: z.number().nullable(),
  }),
  'submission.reviewed': z.object({
    ...piece,
    scoreId: idSchema,
    reviewerId: idSchema,
    total: z.number(),
    maximum: z.number(),
  }),
} as const;

/** What a teacher's socket may hear about what it watches. */
export const watchEvents = {
  /** Its user no longer teaches this course: nothing more is heard of it. */
  'watch.ended': z.object({ courseId: idSchema }),
} as const;

/** What every socket may hear about itself. */
export const connectionEvents = {
  'token.expiring': z.object({ expiresAt: z.string() }),
  'connection.refused': z.object({ code: z.string(), message: z.string() }),
  /** The server lost its own line to the events for a moment, so some may be missing: catch up. */
  'events.interrupted': z.object({}),
} as const;

/** Names of the events that are stored, by who hears them. */
export const learnEventNames = Object.keys(learnEvents) as (keyof typeof learnEvents)[];
export const teachEventNames = Object.keys(teachEvents) as (keyof typeof teachEvents)[];
