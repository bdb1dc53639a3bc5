import { fail, FailureError } from '#libs/kernel';

/** What PostgreSQL keeps in no text: the character NUL, and half of a surrogate pair, which is no character. */
const unstorable = /\0|\p{Surrogate}/u;

/** Levels of nested JSON that an input may have. */
const depthLimit = 50;

export const unstorableMessage = 'A text holds the character NUL or half of a surrogate pair. Leave it out.';

/** Whether a text can be stored as it is. */
export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/** Refuses an input with a text that cannot be stored, or nested too deep for whoever walks through it later. */
export function refuseUnstorable(input: unknown): void {
  const waiting = [{ value: input, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isStorable(value))
      throw new FailureError(fail('INVALID_INPUT', unstorableMessage));
    if (typeof value !== 'object' || value === null) continue;
    if (depth > depthLimit) throw new FailureError(fail('INVALID_INPUT', 'A variable is nested too deep.'));
    for (const [key, inner] of Object.entries(value)) {
      waiting.push({ value: inner, depth: depth + 1 });
      if (!Array.isArray(value)) waiting.push({ value: key, depth: depth + 1 });
    }
  }
}
