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
  /** Factor by which her time is longer, wherever time counts: 1 is no more than others have. */
  extraTime: z.number().min(1).max(4),
  /** She uses no pointer: nothing that takes one is recommended. */
  keyboardOnly: z.boolean(),
  /** She cannot draw: nothing that has to be drawn is recommended. */
  noDrawing: z.boolean(),
  /** She hears what others see: nothing is recommended that takes sight. */
  screenReader: z.boolean(),
  /** The language that she reads best. */
  language: languageTagSchema,
});
export type Accommodations = z.output<typeof accommodationsSchema>;

/** Accommodations without the language, which is the user's own: what is stored of them. */
export type StoredAccommodations = Omit<Accommodations, 'language'>;

const nothingNeeded: StoredAccommodations = {
  excludedModalities: [],
  extraTime: 1,
  keyboardOnly: false,
  noDrawing: false,
  screenReader: false,
};

/** Reads stored accommodations: what was never said is not needed. */
export function readAccommodations(stored: Partial<StoredAccommodations>): StoredAccommodations {
  return { ...nothingNeeded, ...stored };
}
