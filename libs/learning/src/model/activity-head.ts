import { z } from 'zod';
import { activityKinds, modalities } from './activity-content.js';
import { languageTagSchema } from './language-tag.js';

/** What an activity says of itself beside its content, however it comes in. */
export const activityHeadFields = {
  kind: z.enum(activityKinds),
  modality: z.enum(modalities),
  language: languageTagSchema,
  /** Logits: 0 is an item that a learner of average ability gets right half of the time. */
  difficulty: z.number().min(-4).max(4),
  minutes: z.number().min(0.1).max(120),
};

/** The skills that an activity practises, by whatever names them. */
export function practisedSkills<I extends z.ZodType<string>>(id: I) {
  return z
    .array(id)
    .min(1)
    .max(6)
    .transform((ids) => [...new Set(ids)]);
}
