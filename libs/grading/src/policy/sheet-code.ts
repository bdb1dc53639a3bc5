import type { Digest } from '#libs/kernel';

/** Hexadecimal digits of a code: 80 bits, so that nobody meets another's by chance. */
const digits = 20;

/**
 * What the code on a learner's sheet says: it names her in one assignment, and tells nobody else anything of her. The same each
 * time, so that sheets may be printed again.
 */
export function sheetCodeOf(digest: Digest, assignmentId: string, pseudonym: string): string {
  const text = new TextEncoder().encode(`sheet ${assignmentId} ${pseudonym}`);
  return `ATTUNE:${digest.of(text).slice(0, digits).toUpperCase()}`;
}

/** Whether a text that was read from a picture may be the code of a sheet: others are not kept. */
export function isSheetCode(text: string): boolean {
  return /^ATTUNE:[0-9A-F]{20}$/.test(text);
}
