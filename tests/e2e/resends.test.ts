import pg from 'pg';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, RequestInput } from '#libs/contracts';
import { ask, connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';

type Offer = NonNullable<Answer<'/learn', 'response.record'>['offer']>;

/** What comes again gets the answer that it got the first time, with the offer of help that followed it. */
describe('a resend', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;
  let sessionId: string;
  let activityId: string;
  /** The clock of the device, an hour behind. */
  let at: number;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'resending-school');
    const sql = `SELECT id FROM activities WHERE external_id = 'counting-2' AND institution_id = $1`;
    activityId = (await query<{ id: string }>(api.database.ownerUrl, sql, [school.institutionId]))[0]!.id;
  }, 60_000);
  afterAll(async () => {
    socket?.close();
    await api?.close();
  });
  beforeEach(async () => {
    socket?.close();
    learner = await school.join('student', 'learner');
    socket = await connect(api.url, '/learn', learner.token);
    at = Date.now() - 3_600_000;
    sessionId = newId();
    await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: school.courseId, at });
  });

  const hinting = () => ({ id: newId(), sessionId, activityId, at: (at += 60_000) });
  const responding = () => ({
    id: newId(),
    sessionId,
    activityId,
    activityVersion: 1,
    answer: { kind: 'choice', option: 'no' } as const,
    durationMs: 240_000,
    at: (at += 60_000),
  });
  const expectAnOffer = (offer: Offer | null): void => {
    expect(offer).toMatchObject({ because: expect.stringMatching(/“Counting”/), activity: { form: { kind: 'none' } } });
  };

  it('of a call for help gets the same offer', async () => {
    const body = { id: newId(), sessionId, kind: 'asked-for-help' as const, activityId, at };
    const first = await mustAsk(socket, '/learn', 'interaction.record', body);
    expectAnOffer(first.offer);
    expect(await mustAsk(socket, '/learn', 'interaction.record', body)).toEqual({ ...first, resent: true });
    const { interventionId } = first.offer!;
    await mustAsk(socket, '/learn', 'offer.react', { interventionId, reaction: 'dismissed', at });
    expect(await mustAsk(socket, '/learn', 'interaction.record', body)).toEqual({ ...first, resent: true });
  });

  it('of a response gets the same offer, and one that offered nothing gets none', async () => {
    let body: RequestInput<'/learn', 'response.record'>;
    let first: Answer<'/learn', 'response.record'>;
    const silent: [typeof body, typeof first][] = [];
    for (;;) {
      body = responding();
      first = await mustAsk(socket, '/learn', 'response.record', body);
      if (first.offer !== null) break;
      silent.push([body, first]);
      expect(silent.length, 'wrong and slow, time and again').toBeLessThan(12);
    }
    expectAnOffer(first.offer);
    expect(await mustAsk(socket, '/learn', 'response.record', body)).toEqual({ ...first, resent: true });
    for (const [earlier, answer] of silent) {
      expect(await mustAsk(socket, '/learn', 'response.record', earlier)).toEqual({ ...answer, resent: true });
    }
  });

  it('of a hint gets the same step with the same offer, and the clock of the device is kept', async () => {
    await mustAsk(socket, '/learn', 'response.record', responding());
    const given: [ReturnType<typeof hinting>, Answer<'/learn', 'hint.request'>][] = [];
    for (let turn = 0; turn < 4 && !given.some(([, { offer }]) => offer); turn++) {
      for (let step = 1; step <= 3; step++) {
        const body = hinting();
        given.push([body, await mustAsk(socket, '/learn', 'hint.request', body)]);
      }
      await mustAsk(socket, '/learn', 'response.record', responding());
    }
    expectAnOffer(given.map(([, { offer }]) => offer).find((offer) => offer !== null) ?? null);
    for (const [body, answer] of given) {
      expect(await mustAsk(socket, '/learn', 'hint.request', body)).toEqual(answer);
      const sql = 'SELECT device_at, given_at FROM hint_requests WHERE id = $1';
      const [row] = await query<{ device_at: Date; given_at: Date }>(api.database.ownerUrl, sql, [body.id]);
      expect(row!.device_at.getTime()).toBe(body.at);
      expect(row!.given_at.getTime()).toBeGreaterThan(body.at);
    }
  });

  it('of a reaction keeps when the device said it was', async () => {
    const help = { id: newId(), sessionId, kind: 'asked-for-help' as const, activityId, at };
    const { interventionId } = (await mustAsk(socket, '/learn', 'interaction.record', help)).offer!;
    for (const later of [0, 5_000]) {
      await mustAsk(socket, '/learn', 'offer.react', { interventionId, reaction: 'accepted', at: at + later });
    }
    const sql = 'SELECT device_at FROM interventions WHERE id = $1';
    const [row] = await query<{ device_at: Date }>(api.database.ownerUrl, sql, [interventionId]);
    expect(row!.device_at.getTime()).toBe(at);
  });

  it('of an opening that met a response gives the recommendation that the response left', async () => {
    const tab = new pg.Client({ connectionString: api.database.ownerUrl });
    await tab.connect();
    try {
      await tab.query('BEGIN');
      const { rows } = await tab.query<{ decision_id: string }>(
        'SELECT decision_id FROM learner_states WHERE learner_id = $1 FOR UPDATE',
        [learner.id],
      );
      const opening = ask(socket, '/learn', 'session.open', { id: sessionId, courseId: school.courseId, at });
      const waiting = 'SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))';
      await until(async () => (await tab.query(waiting)).rowCount! > 0);
      // What a response of another tab does while the opening waits for the learner's row.
      const decisionId = newId();
      await tab.query(
        `INSERT INTO decisions SELECT (d).* FROM (
           SELECT jsonb_populate_record(d, jsonb_build_object('id', $2::text)) AS d FROM decisions d WHERE id = $1) AS copies`,
        [rows[0]!.decision_id, decisionId],
      );
      await tab.query('UPDATE learner_states SET decision_id = $2 WHERE learner_id = $1', [learner.id, decisionId]);
      await tab.query('COMMIT');
      expect(await opening).toMatchObject({ kind: 'opened', recommended: { decisionId } });
    } finally {
      await tab.end();
    }
  });
});
