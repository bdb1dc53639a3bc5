import type { z } from 'zod';
import { fail, type Failure } from '#libs/kernel';

/** Parses an input by its wire schema; what is wrong is told field by field. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> | Failure {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  return fail(
    'INVALID_INPUT',
    `${issues[0]?.path ? `${issues[0].path}: ` : ''}${issues[0]?.message ?? 'wrong shape'}`,
    { issues },
  );
}
