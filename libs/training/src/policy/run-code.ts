/** Letters and digits that nobody takes for one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 12;
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A code to be read out and typed, such as K7QF-2M9X-3TBA: 12 of 30 characters, 58 bits.
 * @param secret 256 random bits, base64url: 60 of its 64 characters stand for one of the alphabet, two for each, and the rest are
 * passed over, as is the last, which has fewer bits
 */
export function makeRunCode(secret: string): string {
  const characters = Array.from(secret.slice(0, -1), (character) => base64url.indexOf(character))
    .filter((value) => value >= 0 && value < 2 * alphabet.length)
    .slice(0, length)
    .map((value) => alphabet[value % alphabet.length]!);
  if (characters.length < length) throw new RangeError('More random characters are needed.');
  return grouped(characters.join(''));
}

/** A code as it was made, however it was typed: in small letters, with blanks, without dashes. Null for none. */
export function readRunCode(typed: string): string | null {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const isOne = plain.length === length && [...plain].every((character) => alphabet.includes(character));
  return isOne ? grouped(plain) : null;
}

function grouped(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, '$1-');
}
