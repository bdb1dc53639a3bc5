import { createHash } from 'node:crypto';

/** SHA-256 of a parsed body: its keys stand in the order of the schema, so equal bodies have equal texts. */
export function hashOf(body: object): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(JSON.stringify(body)).digest());
}

/** Whether a stored hash is the one of a body. */
export function isHashOf(stored: Uint8Array | null, body: object): boolean {
  return stored !== null && Buffer.compare(stored, hashOf(body)) === 0;
}
