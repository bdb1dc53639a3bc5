import { z } from 'zod';
import { masteryChangeSchema } from './answers.js';
import type { DescribedEvents } from './described.js';
import { cursorSchema, idSchema } from './scalars.js';

const recommended = z.object({ decisionId: idSchema, activityId: idSchema, activityVersion: z.int() });

/** What every streamed event has besides: its number in the stream, and when it happened. */
const envelope = { sequence: cursorSchema, at: z.string() };

/** Handed-in work that an event is about. */
const piece = { ...envelope, courseId: idSchema, assignmentId: idSchema, submissionId: idSchema };

/** Who handed work in. */
const submitter = idSchema.describe('where the assignment is anonymous, an alias');

/** A skill of a course that came to count as mastered, or ceased to. */
const updatedMastery = {
  ...envelope,
  courseId: idSchema,
  skillId: idSchema,
  mastered: z.boolean(),
  probability: z.number(),
};

/** What a learner's devices hear. Streamed events are stored; the others concern the connection. */
export const learnEvents = {
  'response.recorded': {
    description: 'A response of the learner was recorded; mastery and, where one was made, the next recommendation.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      sessionId: idSchema,
      responseId: idSchema,
      correct: z.boolean().nullable(),
      mastery: z.array(masteryChangeSchema),
      recommended: recommended.nullable(),
    }),
  },
  'activity.recommended': {
    description: 'An activity was recommended other than in answer to a response, as when a session is opened.',
    payload: z.object({ ...envelope, courseId: idSchema, sessionId: idSchema, recommended }),
  },
  'intervention.offered': {
    description:
      'Help or a break was offered, with the activity that would be given; `offer.react` accepts or dismisses it.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      sessionId: idSchema,
      interventionId: idSchema,
      trigger: z.string(),
      activityId: idSchema.nullable().describe('null for a break'),
      activityVersion: z.int().nullable(),
      breakMinutes: z.number().nullable().describe('length of a break; null for an activity'),
    }),
  },
  'mastery.updated': {
    description:
      'With a response to it, or work that shows or lacks it, a skill came to count as mastered, or ceased to. Smaller ' +
      'changes by responses are in `response.recorded`.',
    payload: z.object(updatedMastery),
  },
  'review.due': {
    description:
      'Mastered skills of a course are due for review today, where the institution is: at most fifty, the least well ' +
      'recalled first, each since a day (`dueOn`, such as 2026-03-29). Told at most once a day for a course, as long as it ' +
      'is so.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      reviews: z.array(z.object({ skillId: idSchema, retrievability: z.number(), dueOn: z.iso.date() })),
    }),
  },
  'score.settled': {
    description:
      'A score stands: a program was sure of it (of work that counts: `certified`), or a teacher has settled it.',
    payload: z.object({
      ...piece,
      scoreId: idSchema,
      source: z.enum(['automatic', 'review']),
      state: z.enum(['graded', 'certified', 'reviewed']),
      total: z.number(),
      maximum: z.number(),
    }),
  },
  'score.deferred': {
    description:
      'A teacher has to look at the work first. Of work that counts, and of work that no program could score, there is no total.',
    payload: z.object({
      ...piece,
      state: z.enum(['needs-review', 'failed', 'awaiting-teacher']),
      total: z.number().nullable(),
      maximum: z.number().nullable(),
    }),
  },
  'regrade.closed': {
    description:
      'What the learner has asked for about a score was answered by a review, whose score is told besides, or declined; the ' +
      'reason is in `Submission.regradeRequests`.',
    payload: z.object({ ...piece, requestId: idSchema, state: z.enum(['answered', 'declined']) }),
  },
  'extension.changed': {
    description:
      'A teacher has given the learner more time for an assignment, or other time, or has taken it away (null).',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      assignmentId: idSchema,
      dueAt: z.string().nullable().describe('Until when she may hand in.'),
    }),
  },
  'submission.withdrawn': {
    description: 'Work that a teacher had handed in for the learner, from the scans of a class, is withdrawn.',
    payload: z.object({ ...piece, reason: z.string() }),
  },
} as const satisfies DescribedEvents;

/** What the teachers of a course hear. */
export const teachEvents = {
  'model.changed': {
    description:
      'A trained model of the course came in, was verified or refused, or was moved: to candidate, shadow, active or ' +
      'retired; by a teacher, or by the system where teachers no longer agree with it.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      modelId: idSchema,
      name: z.string().nullable().describe('null until it is verified'),
      version: z.int().nullable(),
      state: z.enum(['uploaded', 'refused', 'verified', 'candidate', 'shadow', 'active', 'retired']),
      reason: z.string().nullable().describe('why it was refused, or why the system moved it'),
    }),
  },
  'training.changed': {
    description:
      'A training run went on: it was prepared, began, came to its end, expired, or was cancelled; or nothing was heard of it for ten minutes, or it was heard again.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      runId: idSchema,
      name: z.string(),
      state: z.enum(['preparing', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired']),
      isStalled: z.boolean().describe('nothing was heard of it for ten minutes; it may come back'),
      failure: z.string().nullable().describe('why it failed'),
      modelId: idSchema.nullable().describe('the model that came of it'),
    }),
  },
  'training.progressed': {
    description: 'How far a training run is; at most one in 3 s of a run. All lines are in its `progress`.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      runId: idSchema,
      line: z.int().describe('number of the line within the run'),
      phase: z.enum(['preparing', 'head', 'all', 'evaluating', 'exporting', 'uploading', 'done', 'failed']),
      epoch: z.int(),
      epochs: z.int(),
      metrics: z.record(z.string(), z.number()),
    }),
  },
  'import.changed': {
    description: 'A zip of folders came in for a dataset of the course, is being brought in, or is at its end.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      datasetId: idSchema,
      importId: idSchema,
      state: z.enum(['waiting', 'importing', 'done', 'failed']),
      added: z.int(),
      relabelled: z.int(),
      unchanged: z.int(),
      refused: z.int(),
      failure: z.string().nullable().describe('why all of it failed'),
    }),
  },
  'scans.changed': {
    description: 'Scans of a class came in, are being read, are ready to be matched and published, or are held.',
    payload: z.object({
      ...envelope,
      courseId: idSchema,
      assignmentId: idSchema,
      batchId: idSchema,
      state: z.enum(['waiting', 'reading', 'ready', 'failed']),
      found: z.int().nullable().describe('pages or files in it; null until it was opened'),
      taken: z.int().describe('that became pages'),
      refused: z.int(),
      isHeld: z.boolean(),
      failure: z.string().nullable().describe('why all of it failed'),
    }),
  },
  'submission.received': {
    description: 'A learner has handed work in.',
    payload: z.object({ ...piece, learnerId: submitter }),
  },
  'submission.awaits-review': {
    description: 'Work waits for a teacher. Where no program could score it, the three numbers are null.',
    payload: z.object({
      ...piece,
      learnerId: submitter,
      total: z.number().nullable(),
      maximum: z.number().nullable(),
      confidence: z.number().nullable(),
    }),
  },
  'submission.reviewed': {
    description: 'A teacher has settled the score of work.',
    payload: z.object({
      ...piece,
      scoreId: idSchema,
      reviewerId: idSchema,
      total: z.number(),
      maximum: z.number(),
    }),
  },
  'submission.withdrawn': {
    description: 'A teacher has withdrawn work that was handed in for its learner from the scans of a class.',
    payload: z.object({ ...piece, learnerId: submitter, reason: z.string() }),
  },
  'regrade.requested': {
    description: 'A learner asks for a score to be looked at again; her work is in the review queue.',
    payload: z.object({ ...piece, requestId: idSchema, scoreId: idSchema }),
  },
  'review.withdrawn': {
    description:
      'A teacher has taken a review back: the score before it stands again. Work that waits for a teacher again is told as ' +
      '`submission.awaits-review` besides.',
    payload: z.object({
      ...piece,
      scoreId: idSchema.describe('of the review that was taken back'),
      reviewerId: idSchema.describe('who took it back'),
    }),
  },
  'mastery.updated': {
    description:
      'With a response of a learner to it, or her work that shows or lacks it, a skill came to count as mastered by her, or ceased to.',
    payload: z.object({ ...updatedMastery, learnerId: idSchema }),
  },
} as const satisfies DescribedEvents;

/** What a teacher's socket may hear about what it watches. */
export const watchEvents = {
  'watch.ended': {
    description: 'The user no longer teaches this course: nothing more is heard of it.',
    payload: z.object({ courseId: idSchema }),
  },
} as const satisfies DescribedEvents;

/** What every socket may hear about itself. */
export const connectionEvents = {
  'token.expiring': {
    description: 'The access token ends soon: send `token.renew`.',
    payload: z.object({ expiresAt: z.string() }),
  },
  'connection.refused': {
    description: 'The server closes the connection, and why.',
    payload: z.object({ code: z.string(), message: z.string() }),
  },
  'events.interrupted': {
    description: 'The server lost its own line to the events for a moment, so some may be missing: catch up.',
    payload: z.object({}),
  },
} as const satisfies DescribedEvents;

/** Names of the events that are stored, by who hears them. */
export const learnEventNames = Object.keys(learnEvents) as (keyof typeof learnEvents)[];
export const teachEventNames = Object.keys(teachEvents) as (keyof typeof teachEvents)[];
