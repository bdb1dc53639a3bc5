import { z } from 'zod';
import { languageTagSchema } from './language-tag.js';

/** What a course says of itself, however it comes in. */
export const courseFields = {
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().min(1).max(2_000),
  language: languageTagSchema,
  /** Probability of a right answer from which a skill counts as mastered. */
  masteryThreshold: z.number().min(0.5).max(0.99),
};

/** What a skill says of itself. */
export const skillFields = {
  name: z.string().trim().min(1).max(120),
  description: z.string().trim().min(1).max(500),
};

/** Skills that a course may have, and prerequisites that a skill may have. */
export const skillLimits = { skills: 500, prerequisites: 50 } as const;
