import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeProtectedHeader } from 'jose';
import { Clock, isFailure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { Database, SigningKeyRepository } from '#libs/persistence';
import { Seal, SystemIds, TokenService } from '#libs/security';
import { query } from '../support/postgres-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const day = 86_400_000;
const id = '01900000-0000-7000-8000-000000000001';

/** A clock that stands where it was put, until it is moved. */
class StoppedClock extends Clock {
  private time = Date.parse('2026-01-01T00:00:00Z');

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

describe('signing keys', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  const clock = new StoppedClock();
  const service = (secret = 'one secret'): TokenService =>
    new TokenService(new SigningKeyRepository(database), new Seal(secret), clock, new SystemIds(clock), 'attune');
  const actor = (): Actor => ({
    kind: 'user',
    institutionId: id,
    userId: id,
    pseudonym: id,
    roles: ['student'],
    credentialId: id,
    expiresAt: Math.floor(clock.now() / 1000) + 600,
  });

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = new Database({ url: testDatabase.appUrl, poolSize: 4 });
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.drop();
  });

  it('rotate before they end; a token outlives the rotation, and another process learns the new key', async () => {
    const first = service();
    const other = service();
    const old = await first.issue(actor());
    expect(isFailure(await other.verify(old))).toBe(false);
    const [before] = (await first.publicKeys()).keys as { kid: string }[];

    clock.advance(24 * day);
    const stillOld = await first.issue(actor());
    const after = (await first.publicKeys()).keys as { kid: string }[];
    expect(after.map(({ kid }) => kid)).toContain(before!.kid);
    const successor = after[0]!.kid;
    expect(successor).not.toBe(before!.kid);
    expect(decodeProtectedHeader(stillOld).kid, 'the successor is published before it signs').toBe(before!.kid);

    clock.advance(day);
    const fresh = await first.issue(actor());
    expect(decodeProtectedHeader(fresh).kid).toBe(successor);
    expect(isFailure(await other.verify(fresh))).toBe(false);

    clock.advance(10 * day);
    expect(((await first.publicKeys()).keys as { kid: string }[]).map(({ kid }) => kid)).not.toContain(before!.kid);
  });

  it('expire tokens by the clock', async () => {
    const tokens = service();
    const token = await tokens.issue(actor());
    expect(isFailure(await tokens.verify(token))).toBe(false);
    clock.advance(601_000);
    expect(await tokens.verify(token)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await service().verify(token)).toMatchObject({ message: expect.stringContaining('expired') });
  });

  it('are sealed: the database holds no private key, and another secret cannot sign with them', async () => {
    const rows = await query<{ id: string; sealed_private: string; public_jwk: object }>(
      testDatabase.ownerUrl,
      'SELECT * FROM signing_keys',
    );
    for (const row of rows) {
      expect(Buffer.from(row.sealed_private, 'base64url').toString('latin1')).not.toContain('"d"');
      expect(row.public_jwk).not.toHaveProperty('d');
    }
    const stranger = service('another secret');
    const token = await stranger.issue(actor());
    expect(isFailure(await service().verify(token))).toBe(false);
    const known = rows.map(({ id: kid }) => kid);
    const [newest] = (await stranger.publicKeys()).keys as { kid: string }[];
    expect(known).not.toContain(newest!.kid);
  });
});
