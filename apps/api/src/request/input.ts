import type { z } from 'zod';
import { issuesOf, refuseInput, type Failure } from '#libs/kernel';

/** Parses an input by its wire schema; what is wrong is told field by field. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> | Failure {
  const parsed = schema.safeParse(input);
  return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error));
}
