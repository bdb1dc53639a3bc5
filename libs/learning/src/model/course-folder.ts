import { z } from 'zod';
import { activityContentFields, activityKinds, modalities } from './activity-content.js';

const externalId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes');

/** `course.yaml`: what a course is called, in which language, and when a skill counts as mastered. */
export const courseFileSchema = z.strictObject({
  externalId,
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(2_000),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/),
  masteryThreshold: z.number().min(0.5).max(0.99),
  licence: z.string().min(1).max(100),
});

/** `skills.yaml`: the skills in teaching order, each with the skills that must be mastered before it. */
export const skillsFileSchema = z
  .array(
    z.strictObject({
      externalId,
      name: z.string().min(1).max(120),
      description: z.string().min(1).max(500),
      prerequisites: z.array(externalId).default([]),
    }),
  )
  .min(1)
  .max(500);

/**
 * The head (YAML between `---` lines) of one file in `activities/`; what follows it is the body in Markdown.
 * `difficulty` is in logits: 0 is an item that a learner of average ability gets right half of the time.
 */
export const activityFileSchema = activityContentFields.omit({ body: true }).extend({
  externalId,
  kind: z.enum(activityKinds),
  modality: z.enum(modalities),
  language: z.string(),
  difficulty: z.number().min(-4).max(4),
  minutes: z.number().min(0.1).max(120),
  skills: z.array(externalId).min(1).max(6),
});
