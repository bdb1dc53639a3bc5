import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VerifiedAudit } from '#libs/governance';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { attune, attuneJson } from '../support/attune-command.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { freePort } from '../support/serve-process.js';
import { openTestWorker, type TestWorker } from '../support/worker.js';

const headQuery = '{ auditHead { number hash sealedAt } }';

interface Head {
  readonly number: number;
  readonly hash: string;
  readonly sealedAt: string;
}

type Found = readonly (VerifiedAudit & { readonly institution: string })[];

/** What is recorded over the API, sealed by the worker, noted over the API and verified from the command line. */
describe('the audit', () => {
  let api: TestApi;
  let worker: TestWorker;
  let metricsUrl: string;
  let school: School;
  let schools = 0;

  const foundAnother = () => foundSchool(api.app, `audited-school-${++schools}`);

  beforeAll(async () => {
    api = await startTestApi();
    const port = await freePort();
    metricsUrl = `http://127.0.0.1:${port}/metrics`;
    worker = await openTestWorker(api.database, { WORKER_PORT: String(port), HOST: '127.0.0.1' });
  }, 60_000);
  beforeEach(async () => {
    school = await foundAnother();
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const headFor = async ({ token }: Pick<Person, 'token'>): Promise<Head | null> => {
    const answer = await graphql(api.url, headQuery, { token });
    expect(answer.errors).toBeUndefined();
    return answer.data!['auditHead'] as Head | null;
  };
  const createCourse = async (): Promise<void> => {
    const course = { title: 'One more', description: 'To be recorded.', language: 'en', masteryThreshold: 0.9 };
    const { data } = await graphql(
      api.url,
      'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { __typename } }',
      { token: school.admin.token, variables: { input: { id: newId(), ...course } } },
    );
    expect(data).toMatchObject({ createCourse: { __typename: 'Course' } });
  };
  const verify = (...args: string[]) => attuneJson<Found>(api.database.ownerUrl, 'audit', 'verify', ...args);
  const inWords = (...args: string[]) => attune(['audit', 'verify', ...args], { DATABASE_URL: api.database.ownerUrl });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(metricsUrl)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}{`));
    return Number(line!.slice(line!.lastIndexOf(' ') + 1));
  };

  it('says what waits for its first seal', async () => {
    await createCourse();
    expect(await headFor(school.admin)).toBeNull();
    const { code, found } = await verify('--institution', school.slug);
    expect(code).toBe(0);
    expect(found).toMatchObject([{ institution: school.slug, fault: null, head: null, seals: 0 }]);
    expect(found[0]!.unsealed.events).toBeGreaterThan(0);
    const { stdout } = await inWords('--institution', school.slug);
    expect(stdout).toMatch(/\d events not yet sealed, the oldest \d+ s old/);
  });

  it('is sealed by the worker, for every institution, and counted', async () => {
    const other = await foundAnother();
    const before = (await verify()).found.reduce((sum, { events }) => sum + events, 0);
    const counted = await metric('attune_audit_events_sealed_total');
    await worker.seal();
    const { code, found } = await verify();
    expect(code).toBe(0);
    expect(found.map(({ institution }) => institution)).toEqual(expect.arrayContaining([school.slug, other.slug]));
    expect(found.every(({ fault, events, unsealed }) => fault === null && events > 0 && unsealed.events === 0)).toBe(
      true,
    );
    const sealed = found.reduce((sum, { events }) => sum + events, 0) - before;
    expect(await metric('attune_audit_events_sealed_total')).toBe(counted + sealed);
    expect(await metric('attune_audit_unsealed_seconds')).toBeGreaterThan(0);
    await worker.seal();
    expect(await metric('attune_audit_events_sealed_total')).toBe(counted + sealed);
    expect(await metric('attune_audit_unsealed_seconds')).toBe(0);
  });

  it('has a head that administrators of the institution see, and nobody else', async () => {
    const other = await foundAnother();
    await worker.seal();
    const head = await headFor(school.admin);
    const { found } = await verify('--institution', school.slug);
    expect(head).toEqual({ number: 1, hash: found[0]!.head!.hash, sealedAt: String(found[0]!.head!.sealedAt) });
    expect((await headFor(other.admin))!.hash).not.toBe(head!.hash);
    expect(await headFor(school.teacher)).toBeNull();
    expect(await headFor(await school.join('student', 'learner'))).toBeNull();
  });

  it('goes on from a head that was noted', async () => {
    await worker.seal();
    const noted = (await headFor(school.admin))!;
    await createCourse();
    await worker.seal();
    const { code, found } = await verify('--institution', school.slug, '--expect', noted.hash);
    expect(code).toBe(0);
    expect(found).toMatchObject([{ fault: null, expectedAt: noted.number, head: { number: noted.number + 1 } }]);
    const { stdout } = await inWords('--institution', school.slug, '--expect', noted.hash.toUpperCase());
    expect(stdout).toContain(`${school.slug}: as it was written`);
    expect(stdout).toContain(`the hash that you noted is the one of seal ${noted.number}`);
  });

  it('does not hold a head that it never had', async () => {
    await worker.seal();
    const expected = '0'.repeat(64);
    const { code, found } = await verify('--institution', school.slug, '--expect', expected);
    expect(code).toBe(1);
    expect(found[0]!.fault).toEqual({ kind: 'head-missing', expected });
  });

  it('is wrong once somebody has changed it, and says where', async () => {
    await worker.seal();
    const { ownerUrl } = api.database;
    const change = `UPDATE audit_events SET action = $2 WHERE institution_id = $1 AND sequence = 1 RETURNING
      (SELECT action FROM audit_events WHERE institution_id = $1 AND sequence = 1) AS before`;
    await query(ownerUrl, 'ALTER TABLE audit_events DISABLE TRIGGER USER');
    const [{ before }] = (await query<{ before: string }>(ownerUrl, change, [school.institutionId, 'x'])) as [
      { before: string },
    ];
    const { code, found } = await verify();
    expect(code).toBe(1);
    const faults = found.flatMap(({ institution, fault }) => (fault === null ? [] : [{ institution, fault }]));
    expect(faults).toMatchObject([
      { institution: school.slug, fault: { kind: 'event-changed', seal: 1, sequence: 1 } },
    ]);
    const { code: inWordsCode, stdout } = await inWords('--institution', school.slug);
    expect(inWordsCode).toBe(1);
    expect(stdout).toMatch(/WRONG: event 1 \([0-9a-f-]{36}\) was changed, under seal 1/);
    await query(ownerUrl, change, [school.institutionId, before]);
    await query(ownerUrl, 'ALTER TABLE audit_events ENABLE TRIGGER USER');
    expect((await verify()).code).toBe(0);
  });

  it.each([
    [['--institution', 'no-such-school'], 'There is no institution no-such-school.'],
    [['--expect', '0'.repeat(64)], 'Say with --institution whose chain has the hash.'],
    [['--institution', 'any-school', '--expect', '0'.repeat(63)], 'is not the hash of a seal'],
  ])('is not verified with %j', async (args, words) => {
    const { code, stderr } = await inWords(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
