import { z } from 'zod';
import { languageTagSchema } from '#libs/learning';

const text = z.string().trim().min(1).max(500);
const steps = { orient: text, point: text, show: text };

/** What to say about a lost point, step by step: where to look, which one it is, the answer. */
export const hintsSchema = z.strictObject({
  ...steps,
  translations: z
    .record(languageTagSchema, z.strictObject(steps))
    .optional()
    .describe('The same in other languages; they are told in the language of the learner.'),
  answerLast: z.boolean().optional().describe('Nothing gives the answer away before the last step.'),
});
export type Hints = z.infer<typeof hintsSchema>;
