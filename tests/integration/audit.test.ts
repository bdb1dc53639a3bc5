import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dangerousSystemActor, type Actor } from '#libs/identity';
import { detailsHash, SealAudit, VerifyAudit, type AuditFault, type VerifiedAudit } from '#libs/governance';
import { Database, PrismaAuditLog, SqlAuditChain } from '#libs/persistence';
import { SystemClock } from '#libs/platform';
import { SystemIds } from '#libs/security';
import { Sha256Digest } from '#libs/storage';
import { newId } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { databaseUrl, query } from '../support/postgres-client.js';
import { expectOk } from '../support/school.js';

const clock = new SystemClock();
const ids = new SystemIds(clock);
const digest = new Sha256Digest();

/** A chain whose connection is gone when all of a seal is written, as after a kill -9 of its process. */
class KilledChain extends SqlAuditChain {
  constructor(private readonly killed: Database) {
    super(killed);
  }

  override async insertSeal(...seal: Parameters<SqlAuditChain['insertSeal']>): Promise<void> {
    await super.insertSeal(...seal);
    await (
      await this.killed.tenant()
    ).$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
  }
}

describe('the audit chain', () => {
  let database: TestDatabase;
  let rows: Database;
  let log: PrismaAuditLog;
  let seal: SealAudit;
  let verifier: VerifyAudit;
  /** A superuser to whom neither triggers nor foreign keys apply. */
  let tamperer: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    rows = new Database({ url: database.appUrl, poolSize: 12 });
    log = new PrismaAuditLog(rows, ids, clock);
    seal = new SealAudit(rows, new SqlAuditChain(rows), digest, clock);
    verifier = new VerifyAudit(rows, new SqlAuditChain(rows), digest);
    tamperer = new pg.Client({
      connectionString: databaseUrl(inject('postgres').superuserUrl, new URL(database.ownerUrl).pathname.slice(1)),
    });
    await tamperer.connect();
    await tamperer.query('SET session_replication_role = replica');
  });
  afterAll(async () => {
    await tamperer?.end();
    await rows?.close();
    await database?.drop();
  });

  const record = (actor: Actor, details: Record<string, unknown> = { minutes: 5 }) =>
    rows.run(actor, () =>
      log.record(actor, { action: 'extension.granted', objectKind: 'assignment', objectId: newId(), details }),
    );
  /** Events of an institution, without the program's help: thousands take no time. */
  const recordMany = (actor: Actor, count: number) =>
    query(
      database.ownerUrl,
      `INSERT INTO audit_events (institution_id, id, actor, action, object_kind, object_id, details, at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), 'course.updated', 'course', gen_random_uuid(), '{}', now()
       FROM generate_series(1, $2::int)`,
      [actor.institutionId, count],
    );
  const sealAll = async (actor: Actor): Promise<number> => {
    let sealed = 0;
    for (let more = true; more;) {
      const outcome = expectOk(await seal.execute(actor));
      sealed += outcome.sealed;
      more = outcome.more;
    }
    return sealed;
  };
  const verify = async (actor: Actor, expected: string | null = null): Promise<VerifiedAudit> =>
    expectOk(await verifier.execute(actor, expected));
  /** An institution with three seals, of two events each. */
  const aChain = async (): Promise<Actor> => {
    const actor = dangerousSystemActor(newId());
    for (const _ of [1, 2, 3]) {
      for (const minutes of [1, 2]) await record(actor, { minutes });
      expect(await sealAll(actor)).toBe(2);
    }
    expect(await verify(actor)).toMatchObject({ fault: null, seals: 3, events: 6, unsealed: { events: 0 } });
    return actor;
  };
  const eventAt = async ({ institutionId }: Actor, sequence: number) =>
    (
      await query<{ id: string; salt: string; details: object }>(
        database.ownerUrl,
        'SELECT id, salt, details FROM audit_events WHERE institution_id = $1 AND sequence = $2',
        [institutionId, sequence],
      )
    )[0]!;

  it('covers what was recorded, and says what it does not cover yet', async () => {
    const actor = dangerousSystemActor(newId());
    expect(await sealAll(actor)).toBe(0);
    expect(await verify(actor)).toEqual({
      fault: null,
      head: null,
      seals: 0,
      events: 0,
      erased: 0,
      expectedAt: null,
      unsealed: { events: 0, oldestAt: null },
    });
    await record(actor, { deep: { list: [1.5, null, 'ü'], é: true } });
    await record(actor);
    expect(await verify(actor)).toMatchObject({
      events: 0,
      unsealed: { events: 2, oldestAt: expect.any(Date) as Date },
    });
    expect(await sealAll(actor)).toBe(2);
    await record(actor);
    expect(await verify(actor)).toMatchObject({
      fault: null,
      head: { number: 1, lastSequence: 2 },
      events: 2,
      unsealed: { events: 1 },
    });
  });

  it('takes what commits late, though its transaction began before the seal', async () => {
    const actor = dangerousSystemActor(newId());
    let commit!: () => void;
    const held = new Promise<void>((resolve) => (commit = resolve));
    let written!: () => void;
    const begun = new Promise<void>((resolve) => (written = resolve));
    const late = rows.run(actor, async () => {
      await log.record(actor, { action: 'late.act', objectKind: 'course', objectId: newId() });
      written();
      await held;
    });
    await begun;
    await record(actor);
    expect(await sealAll(actor)).toBe(1);
    expect(await sealAll(actor)).toBe(0);
    commit();
    await late;
    expect(await sealAll(actor)).toBe(1);
    const found = await query<{ action: string; sequence: string }>(
      database.ownerUrl,
      'SELECT action, sequence FROM audit_events WHERE institution_id = $1 ORDER BY id',
      [actor.institutionId],
    );
    expect(found).toEqual([
      { action: 'late.act', sequence: '2' },
      { action: 'extension.granted', sequence: '1' },
    ]);
    expect(await verify(actor)).toMatchObject({ fault: null, seals: 2, events: 2, unsealed: { events: 0 } });
  });

  it('has each event once, however many seal at once', async () => {
    const actor = dangerousSystemActor(newId());
    await recordMany(actor, 2_300);
    const sealers = Array.from({ length: 6 }, async () => {
      let sealed = 0;
      for (let left = 20; left > 0; left--) sealed += expectOk(await seal.execute(actor)).sealed;
      return sealed;
    });
    const sealed = (await Promise.all(sealers)).reduce((sum, one) => sum + one, 0);
    expect(sealed).toBe(2_300);
    expect(await verify(actor)).toMatchObject({ fault: null, seals: 5, events: 2_300, unsealed: { events: 0 } });
  });

  it('is as before when a sealer is killed in the middle', async () => {
    const actor = await aChain();
    await record(actor);
    const killed = new SealAudit(rows, new KilledChain(rows), digest, clock);
    await expect(killed.execute(actor)).rejects.toThrow(/terminat|closed/i);
    expect(await verify(actor)).toMatchObject({ fault: null, seals: 3, unsealed: { events: 1 } });
    expect(await sealAll(actor)).toBe(1);
    expect(await verify(actor)).toMatchObject({ fault: null, seals: 4, unsealed: { events: 0 } });
  });

  it('is sealed by the system, and verified for administrators', async () => {
    const teacher: Actor = { ...dangerousSystemActor(newId()), kind: 'user', roles: ['teacher'] };
    expect(await seal.execute(teacher)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await verifier.execute(teacher, null)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('holds when details are erased, and says how many are', async () => {
    const actor = await aChain();
    const { id, salt, details } = await eventAt(actor, 3);
    const hash = detailsHash(digest, { kind: 'kept', salt, value: details });
    await query(
      database.ownerUrl,
      `UPDATE audit_events SET details = '{}', salt = NULL, details_hash = $3 WHERE institution_id = $1 AND id = $2`,
      [actor.institutionId, id, hash],
    );
    expect(await verify(actor)).toMatchObject({ fault: null, events: 6, erased: 1 });
    const again = `UPDATE audit_events SET salt = gen_random_uuid(), details_hash = NULL WHERE institution_id = $1 AND id = $2`;
    await expect(query(database.ownerUrl, again, [actor.institutionId, id])).rejects.toMatchObject({ code: '23001' });
  });

  describe('is append-only', () => {
    const changes: readonly (readonly [statement: string, app: string])[] = [
      [`UPDATE audit_events SET action = 'x'`, '42501'],
      [`UPDATE audit_events SET details = '{"a":1}'`, '42501'],
      ['UPDATE audit_events SET sequence = sequence + 100', '23001'],
      ['UPDATE audit_events SET sequence = NULL', '23001'],
      ['DELETE FROM audit_events', '42501'],
      ['TRUNCATE audit_events CASCADE', '42501'],
      [`UPDATE audit_seals SET hash = 'x'`, '42501'],
      ['DELETE FROM audit_seals', '42501'],
      ['TRUNCATE audit_seals', '42501'],
    ];

    it('and takes no event from the application that has a number already', async () => {
      const actor = dangerousSystemActor(newId());
      const numbered = `INSERT INTO audit_events (institution_id, id, actor, action, object_kind, object_id, details, at, sequence)
        VALUES (attune_institution(), gen_random_uuid(), gen_random_uuid(), 'a', 'b', gen_random_uuid(), '{}', now(), 1)`;
      const asApp = rows.run(actor, async () => (await rows.tenant()).$executeRawUnsafe(numbered));
      await expect(asApp).rejects.toMatchObject({ message: expect.stringContaining('42501') as string });
    });

    it.each(changes)('%s', async (statement, code) => {
      const actor = await aChain();
      const asApp = rows.run(actor, async () => (await rows.tenant()).$executeRawUnsafe(statement));
      await expect(asApp).rejects.toMatchObject({ message: expect.stringContaining(code) as string });
      await expect(query(database.ownerUrl, statement)).rejects.toMatchObject({ code: '23001' });
      expect(await verify(actor)).toMatchObject({ fault: null, events: 6 });
    });
  });

  describe('tells of tampering by whoever is above the triggers:', () => {
    const where = 'institution_id = $1 AND sequence = 3';
    const inserted = `INSERT INTO audit_events (institution_id, id, actor, action, object_kind, object_id, details, at, sequence)
      VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'a', 'b', gen_random_uuid(), '{}', now()`;
    const tamperings: readonly (readonly [statements: readonly string[], fault: AuditFault['kind']])[] = [
      ...[
        'actor = gen_random_uuid()',
        `action = 'x'`,
        `object_kind = 'x'`,
        'object_id = gen_random_uuid()',
        'id = gen_random_uuid()',
        `at = at + interval '1 millisecond'`,
        `details = '{"minutes":3}'`,
        `details = '{}'`,
        'salt = gen_random_uuid()',
        `details = '{}', salt = NULL, details_hash = 'x'`,
      ].map((change) => [[`UPDATE audit_events SET ${change} WHERE ${where}`], 'event-changed'] as const),
      [[`UPDATE audit_events SET institution_id = gen_random_uuid() WHERE ${where}`], 'event-missing'],
      [[`UPDATE audit_events SET sequence = NULL WHERE ${where}`], 'event-missing'],
      [[`DELETE FROM audit_events WHERE ${where}`], 'event-missing'],
      [[`DELETE FROM audit_events WHERE ${where}`, `${inserted}, 3)`], 'event-changed'],
      [[`${inserted}, 7)`], 'event-uncovered'],
      [[`${inserted}, 0)`], 'event-uncovered'],
      [
        [
          `UPDATE audit_events SET sequence = -1 WHERE ${where}`,
          'UPDATE audit_events SET sequence = 3 WHERE institution_id = $1 AND sequence = 4',
          'UPDATE audit_events SET sequence = 4 WHERE institution_id = $1 AND sequence = -1',
        ],
        'event-reordered',
      ],
      ...[
        `sealed_at = sealed_at + interval '1 millisecond'`,
        `hash = repeat('0', 64)`,
        `previous_hash = repeat('0', 64)`,
        'leaves = substring(leaves FOR 32)',
        'leaves = substring(leaves FROM 33) || substring(leaves FOR 32)',
        'last_sequence = 5',
        'first_sequence = 2',
      ].map(
        (change) =>
          [[`UPDATE audit_seals SET ${change} WHERE institution_id = $1 AND number = 2`], 'seal-changed'] as const,
      ),
      [['DELETE FROM audit_seals WHERE institution_id = $1 AND number = 2'], 'seal-missing'],
      [['UPDATE audit_seals SET number = 4 WHERE institution_id = $1 AND number = 3'], 'seal-missing'],
      [['DELETE FROM audit_seals WHERE institution_id = $1 AND number = 3'], 'event-uncovered'],
    ];

    it.each(tamperings)('%j', async (statements, kind) => {
      const actor = await aChain();
      for (const statement of statements) await tamperer.query(statement, [actor.institutionId]);
      const { fault } = await verify(actor);
      expect(fault).toMatchObject({ kind });
    });

    const cut = [
      'DELETE FROM audit_seals WHERE institution_id = $1 AND number = 3',
      'UPDATE audit_events SET sequence = NULL WHERE institution_id = $1 AND sequence > 4',
    ];

    it('a chain that was cut off at its end, if its head was noted', async () => {
      const actor = await aChain();
      const { head } = await verify(actor);
      expect(await verify(actor, head!.hash)).toMatchObject({ fault: null, expectedAt: 3 });
      for (const statement of cut) await tamperer.query(statement, [actor.institutionId]);
      expect(await verify(actor)).toMatchObject({ fault: null, unsealed: { events: 2 } });
      expect(await verify(actor, head!.hash)).toMatchObject({
        fault: { kind: 'head-missing', expected: head!.hash },
        expectedAt: null,
      });
    });

    it('a chain that was made anew, if its head was noted', async () => {
      const actor = await aChain();
      const { head } = await verify(actor);
      await tamperer.query('DELETE FROM audit_seals WHERE institution_id = $1', [actor.institutionId]);
      await tamperer.query(`UPDATE audit_events SET sequence = NULL WHERE institution_id = $1`, [actor.institutionId]);
      await tamperer.query(`UPDATE audit_events SET action = 'x' WHERE institution_id = $1`, [actor.institutionId]);
      expect(await sealAll(actor)).toBe(6);
      expect(await verify(actor)).toMatchObject({ fault: null, events: 6 });
      expect(await verify(actor, head!.hash)).toMatchObject({ fault: { kind: 'head-missing' } });
    });

    it('and nothing of it concerns another institution', async () => {
      const [home, away] = [await aChain(), await aChain()];
      await tamperer.query(`UPDATE audit_events SET action = 'x' WHERE ${where}`, [away.institutionId]);
      expect((await verify(home)).fault).toBeNull();
      expect((await verify(away)).fault).toMatchObject({ kind: 'event-changed', seal: 2, sequence: 3 });
    });
  });
});
