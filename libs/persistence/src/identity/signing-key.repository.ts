import { SigningKeyStore, type StoredSigningKey } from '#libs/identity';
import type { Database } from '../tenancy/database.js';

export class SigningKeyRepository extends SigningKeyStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async listKeys(now: Date): Promise<StoredSigningKey[]> {
    const rows = await this.database.global.signingKey.findMany({
      where: { verifiesUntil: { gt: now } },
      orderBy: { createdAt: 'desc' },
    });
    return rows.map((row) => ({ ...row, publicJwk: row.publicJwk as object }));
  }

  override async insertKey(key: StoredSigningKey): Promise<void> {
    await this.database.global.signingKey.create({ data: key });
  }
}
