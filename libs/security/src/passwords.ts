import { hash, verify } from '@node-rs/argon2';
import { PasswordHasher } from '#libs/identity';

/** OWASP's second recommendation for argon2id, which is the library's default algorithm: 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id (RFC 9106). */
export class Argon2Hasher extends PasswordHasher {
  private readonly decoy = hash('nobody has this password', parameters);

  override hash(password: string): Promise<string> {
    return hash(password, parameters);
  }

  override async verify(stored: string | null, password: string): Promise<boolean> {
    const right = await verify(stored ?? (await this.decoy), password);
    return stored !== null && right;
  }
}
