import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { IdSource, makeId, type Clock } from '#libs/kernel';
import { SecretSource } from '#libs/identity';

/** Secrets from the operating system's random source, digested with SHA-256. */
export class SystemSecrets extends SecretSource {
  override makeSecret(): string {
    return randomBytes(32).toString('base64url');
  }

  override digest(secret: string): string {
    return createHash('sha256').update(secret).digest('base64url');
  }
}

/** UUIDs version 7 from the clock and the operating system's random source. */
export class SystemIds extends IdSource {
  constructor(private readonly clock: Clock) {
    super();
  }

  override next(): string {
    return makeId(this.clock.now(), randomBytes(10));
  }
}

/** Encrypts small texts with AES-256-GCM under a key derived from ATTUNE_SECRET (HKDF-SHA-256, RFC 5869). */
export class Seal {
  private readonly key: Buffer;

  /** @param purpose what is sealed for one purpose is not opened for another */
  constructor(secret: string, purpose = 'signing keys') {
    this.key = Buffer.from(hkdfSync('sha256', secret, 'attune', `seal of ${purpose}`, 32));
  }

  close(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Null when it was sealed under another secret, or changed since. */
  open(sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }
}
