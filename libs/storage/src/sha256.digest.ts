import { createHash } from 'node:crypto';
import { Digest } from '#libs/kernel';

/** SHA-256 by the machine's library. */
export class Sha256Digest extends Digest {
  override of(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex');
  }
}
