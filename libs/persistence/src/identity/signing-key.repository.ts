import type { Database } from '../tenancy/database.js';

/** A key pair that signs access tokens; the private half is sealed before it comes here. */
export interface SigningKeyRow {
  readonly id: string;
  readonly publicJwk: object;
  readonly sealedPrivate: string;
  readonly createdAt: Date;
  readonly signsUntil: Date;
  readonly verifiesUntil: Date;
}

export class SigningKeyRepository {
  constructor(private readonly database: Database) {}

  /** Keys that still verify, the newest first. */
  async listKeys(now: Date): Promise<SigningKeyRow[]> {
    const rows = await this.database.global.signingKey.findMany({
      where: { verifiesUntil: { gt: now } },
      orderBy: { createdAt: 'desc' },
    });
    return rows.map((row) => ({ ...row, publicJwk: row.publicJwk as object }));
  }

  async insertKey(key: SigningKeyRow): Promise<void> {
    await this.database.global.signingKey.create({ data: key });
  }
}
