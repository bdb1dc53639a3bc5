import { createHash } from 'node:crypto';

/** SHA-256 of a parsed body: its keys stand in the order of the schema, so equal bodies have equal texts. */
export function hashOf(body: object): Uint8Array<ArrayBuffer> {
  return digestOf(JSON.stringify(body));
}

/** Whether a stored hash is the one of a body. */
export function isHashOf(stored: Uint8Array | null, body: object): boolean {
  return isDigestOf(stored, JSON.stringify(body));
}

/** SHA-256 of bytes, or of a text as UTF-8. */
export function digestOf(bytes: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** Whether a stored digest is the one of these bytes. */
export function isDigestOf(stored: Uint8Array | null, bytes: Uint8Array | string): boolean {
  return stored !== null && Buffer.compare(stored, digestOf(bytes)) === 0;
}
