import { z } from 'zod';

const text = z.string().trim().min(1).max(500);

/** What to say about a lost point, step by step: where to look, which one it is, the answer. */
export const hintsSchema = z.strictObject({ orient: text, point: text, show: text });
export type Hints = z.infer<typeof hintsSchema>;
