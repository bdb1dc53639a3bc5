/** SHA-256 of bytes, in lower-case hexadecimal digits. */
export abstract class Digest {
  abstract of(bytes: Uint8Array): string;
}
