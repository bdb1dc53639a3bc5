import { z } from 'zod';
import { languageTagSchema } from './language-tag.js';
import { modalities } from './activity-content.js';

/** What one learner needs, in every course. */
export const accommodationsSchema = z.strictObject({
  /** Channels that she cannot use: nothing that speaks through them is recommended. */
  excludedModalities: z
    .array(z.enum(modalities))
    .max(modalities.length - 1, 'at least one modality must be left')
    .transform((given) => [...new Set(given)].sort()),
  /** Factor by which her time is longer: 1 is no more than others have. */
  extraTime: z.number().min(1).max(4),
  /** The language that she reads best. */
  language: languageTagSchema,
});
export type Accommodations = z.output<typeof accommodationsSchema>;
