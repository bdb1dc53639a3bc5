import { z } from 'zod';
import { cursorSchema, idSchema } from './scalars.js';

const option = z.object({ id: z.string(), text: z.string() });

/** What the learner may answer with; it holds no key. */
export const formSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('choice'), options: z.array(option) }),
  z.object({ kind: z.literal('choices'), options: z.array(option) }),
  z.object({ kind: z.literal('number'), unit: z.string().optional() }),
  z.object({ kind: z.literal('text'), maxLength: z.number() }),
  z.object({ kind: z.literal('order'), items: z.array(option) }),
  z.object({ kind: z.literal('marks'), image: z.string() }),
  z.object({ kind: z.literal('picture') }).describe('a picture of the learner’s own'),
  z
    .object({ kind: z.literal('strokes'), width: z.int(), height: z.int(), image: z.string().optional() })
    .describe('a drawing, on a canvas of this size'),
  z
    .object({
      kind: z.literal('file'),
      accepts: z.array(z.enum(['predictions', 'package'])),
      attempts: z.int(),
    })
    .describe('what a project hands in'),
]);

/** A picture of the course (`media/<name>`), or a film or sound behind an https link, with its WebVTT captions. */
const mediaSchema = z.object({
  src: z.string(),
  alternativeText: z.string(),
  caption: z.string().optional(),
  captions: z.array(z.object({ language: z.string(), text: z.string() })).optional(),
  transcript: z.string().optional(),
});

/** An activity as a learner sees it: without key, hints and feedback. */
export const activitySchema = z.object({
  activityId: idSchema,
  version: z.int(),
  kind: z.string(),
  modality: z.string(),
  language: z.string(),
  minutes: z.number(),
  skillIds: z.array(idSchema),
  title: z.string(),
  body: z.string(),
  media: z.array(mediaSchema),
  form: formSchema,
  hintCount: z.int(),
});

/** A recommendation: what to do next, and why in one sentence. */
export const recommendationSchema = z.object({
  decisionId: idSchema,
  activity: activitySchema,
  because: z.string(),
});

/** An offer of help, with its material, or of a break, and why in one sentence. */
export const offerSchema = z.object({
  interventionId: idSchema,
  trigger: z.string(),
  because: z.string(),
  activity: activitySchema.nullable().describe('null for a break'),
  breakMinutes: z.number().nullable().describe('length of a break; null for an activity'),
});

export const masteryChangeSchema = z.object({ skillId: idSchema, before: z.number(), after: z.number() });

export const skillMasterySchema = z.object({
  skillId: idSchema,
  name: z.string(),
  probability: z.number(),
  low: z.number(),
  high: z.number(),
  known: z.number().optional(),
  responses: z.int(),
  mastered: z.boolean(),
});

export const openedSessionSchema = z.object({
  kind: z.literal('opened'),
  sessionId: idSchema,
  courseId: idSchema,
  recommended: recommendationSchema.nullable(),
  mastery: z.array(skillMasterySchema),
});

export const closedSessionSchema = z.object({ kind: z.literal('closed'), sessionId: idSchema });

export const recordedResponseSchema = z.object({
  kind: z.literal('recorded'),
  responseId: idSchema,
  sequence: z.int(),
  resent: z.boolean(),
  correct: z.boolean().nullable(),
  feedback: z.string().nullable(),
  mastery: z.array(masteryChangeSchema),
  recommended: recommendationSchema.nullable(),
  offer: offerSchema.nullable(),
});

export const notedInteractionSchema = z.object({
  kind: z.literal('noted'),
  interactionId: idSchema,
  resent: z.boolean(),
  offer: offerSchema.nullable(),
});

export const hintSchema = z.object({
  kind: z.literal('hint'),
  hintId: idSchema,
  step: z.int(),
  steps: z.int(),
  text: z.string(),
  offer: offerSchema.nullable(),
});

export const reactionSchema = z.object({
  kind: z.literal('reaction'),
  interventionId: idSchema,
  reaction: z.enum(['accepted', 'dismissed', 'contested']),
  activity: activitySchema.nullable(),
});

export const submittedWorkSchema = z.object({
  kind: z.literal('submitted'),
  submissionId: idSchema,
  state: z.string(),
  resent: z.boolean(),
});

export const watchedCourseSchema = z.object({ kind: z.literal('watching'), courseId: idSchema, cursor: cursorSchema });

/**
 * Missed events, oldest first. `complete` is false when there are more to ask for, after `cursor`. `missing` is true when
 * events between the number asked for and the first one here, or `cursor` where there is none, are no longer kept:
 * what they told of has to be read anew.
 */
export const caughtUpSchema = z.object({
  kind: z.literal('caught-up'),
  cursor: cursorSchema,
  events: z.array(
    z.object({ sequence: cursorSchema, type: z.string(), payload: z.record(z.string(), z.unknown()), at: z.string() }),
  ),
  complete: z.boolean(),
  missing: z.boolean(),
});

export const renewedTokenSchema = z.object({ kind: z.literal('renewed'), expiresAt: z.string() });

export const takenSamplesSchema = z.object({
  kind: z.literal('samples-taken'),
  mode: z.enum(['attention', 'affect']),
  kept: z.int(),
  dropped: z.int().describe('those that say nothing new, are too old, or say to be from the future'),
  windows: z
    .array(
      z.object({
        endAt: z.int().describe('by the clock of the device, in Unix milliseconds'),
        quality: z.number().describe('0 to 1'),
        abstain: z
          .enum(['no-samples', 'too-few-samples', 'away', 'face-seldom-seen', 'face-badly-seen'])
          .nullable()
          .describe('why the window may not be judged'),
      }),
    )
    .describe('windows of 10 s that have become due'),
});
