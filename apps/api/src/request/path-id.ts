import { fail, FailureError, isFailure } from '#libs/kernel';
import { idSchema } from '#libs/contracts';
import { parseInput } from './input.js';

/** The id in a path. @throws a failure where it is none */
export function pathId(id: string): string {
  const parsed = parseInput(idSchema, id);
  if (isFailure(parsed)) throw new FailureError(fail('INVALID_INPUT', 'The id in the path must be a lower-case UUID.'));
  return parsed;
}
