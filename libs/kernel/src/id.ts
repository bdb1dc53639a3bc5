/** A UUID that names a thing of one kind; the kind exists for the compiler only. */
export type Id<Kind extends string> = string & { readonly __kind?: Kind };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Tells whether a text is a lower-case RFC 9562 UUID, the only form in which ids travel. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/**
 * Makes a UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits, so that ids made later
 * sort later and land next to each other in an index.
 * @param now Unix time in milliseconds
 * @param random 10 random bytes
 */
export function makeId(now: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  let time = now;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Where new ids come from. */
export abstract class IdSource {
  abstract next(): string;
}
