/** Letters and digits that nobody takes for one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 12;

/**
 * A code to be read out and typed, such as K7QF-2M9X-3TBA: 12 of 30 characters, 58 bits.
 * @param random at least 32 uniform bytes; those that would favour a character are passed over
 */
export function makeRunCode(random: Uint8Array): string {
  const characters = Array.from(random)
    .filter((byte) => byte < 240)
    .slice(0, length)
    .map((byte) => alphabet[byte % alphabet.length]!);
  if (characters.length < length) throw new RangeError('More random bytes are needed.');
  return characters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** A code as it was made, however it was typed: in small letters, with blanks, without dashes. Null for none. */
export function readRunCode(typed: string): string | null {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const isOne = plain.length === length && [...plain].every((character) => alphabet.includes(character));
  return isOne ? plain.replaceAll(/(.{4})(?=.)/g, '$1-') : null;
}
