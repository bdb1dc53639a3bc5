import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '#libs/contracts';
import { policyNamed, replayDecision } from '#libs/recommendation';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';

const explained = `query ($id: UUID!) { decision(id: $id) {
  id courseId learnerId activityId activityVersion policyName policyVersion probability seed because terms { name value }
  counterfactual { kind skillId activityId control term from to insteadActivityId basis } } }`;
const nextWith = (first: number): string => `query ($id: UUID!) { nextActivity(sessionId: $id) {
  decisionId activity { activityId } alternatives(first: ${first}) { probability activity { activityId title body } } } }`;

describe('why something was recommended', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;
  let opened: Answer<'/learn', 'session.open'>;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'explaining-school');
    learner = await school.join('student', 'learner');
    socket = await connect(api.url, '/learn', learner.token);
    const opening = { id: newId(), courseId: school.courseId, at: Date.now() };
    opened = await mustAsk(socket, '/learn', 'session.open', opening);
  }, 60_000);
  afterAll(async () => {
    socket?.close();
    await api?.close();
  });

  const seenBy = async ({ token }: Pick<Person, 'token'>) => {
    const variables = { id: opened.recommended!.decisionId };
    const { data, errors } = await graphql(api.url, explained, { token, variables });
    expect(errors).toBeUndefined();
    return data!['decision'];
  };

  it('is told to the learner in her words, to a teacher with the numbers, and to nobody else', async () => {
    const { decisionId, activity, because } = opened.recommended!;
    const hers = await seenBy(learner);
    expect(hers).toMatchObject({
      id: decisionId,
      courseId: school.courseId,
      learnerId: learner.id,
      activityId: activity.activityId,
      activityVersion: activity.version,
      policyName: 'outer-fringe-success-band',
      because: expect.stringContaining(because),
      // It stands, so the choice was made again.
      counterfactual: { basis: 'replayed', insteadActivityId: expect.anything() },
    });
    expect(hers.counterfactual.insteadActivityId).not.toBe(activity.activityId);
    const sum = hers.terms.reduce((total: number, { value }: { value: number }) => total + value, 0);
    expect(sum).toBeGreaterThan(0);
    expect(hers.probability).toBeGreaterThan(0);
    const theirs = await seenBy(school.teacher);
    expect(theirs).toEqual({ ...hers, because: expect.stringMatching(/\d+%/) });
    expect(theirs.because).not.toContain(because);
    const mate = await school.join('student', 'learner');
    const stranger = await school.join('teacher', null);
    const elsewhere = await foundSchool(api.app, 'elsewhere-explaining-school');
    for (const nosy of [mate, stranger, elsewhere.teacher, elsewhere.admin]) expect(await seenBy(nosy)).toBeNull();
  });
});

describe('what else could have been recommended', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let sessionId: string;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'choosing-school');
    learner = await school.join('student', 'learner');
    sessionId = newId();
    const socket = await connect(api.url, '/learn', learner.token);
    await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: school.courseId, at: Date.now() });
    socket.close();
  }, 60_000);
  afterAll(() => api?.close());

  const next = ({ token }: Pick<Person, 'token'>, first: number) =>
    graphql(api.url, nextWith(first), { token, variables: { id: sessionId } });

  it('comes with the recommendation, the most probable first, and may be answered in its place', async () => {
    const { data } = await next(learner, 2);
    const { activity, alternatives } = data!['nextActivity'];
    expect(alternatives).toHaveLength(2);
    const [first, second] = alternatives;
    expect(first.probability).toBeGreaterThanOrEqual(second.probability);
    expect(new Set([activity, first.activity, second.activity].map(({ activityId }) => activityId)).size).toBe(3);
    expect(first.activity.body).not.toBe('');
  });

  it('is asked for in bounds', async () => {
    expect((await next(learner, 0)).data!['nextActivity'].alternatives).toEqual([]);
    for (const first of [-1, 11]) {
      const { errors } = await next(learner, first);
      expect(errors![0]!.extensions!['code']).toBe('INVALID_INPUT');
    }
  });

  it('can be drawn again from what is stored, bit for bit', async () => {
    const rows = await query<{
      activity_id: string;
      seed: string;
      probability: number;
      candidates: number[];
      probabilities: number[];
      utilities: number[];
      policy_version: number;
    }>(api.database.ownerUrl, 'SELECT * FROM decisions WHERE session_id = $1', [sessionId]);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const candidates = row.candidates.map((number, place) => ({
        activityId: String(number),
        utility: row.utilities[place]!,
      }));
      const policy = policyNamed('outer-fringe-success-band', row.policy_version)!;
      const again = replayDecision({ candidates, policy, seed: row.seed });
      expect(again.probabilities.map(Math.fround)).toEqual(row.probabilities.map(Math.fround));
      const [chosen] = await query<{ number: number }>(
        api.database.ownerUrl,
        'SELECT number FROM activities WHERE id = $1',
        [row.activity_id],
      );
      expect(again.activityId).toBe(String(chosen!.number));
    }
  });
});

describe('extra time', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'unhurried-school');
  }, 60_000);
  afterAll(() => api?.close());

  /** The pace that is stored of an answer that took two minutes where one is usual. */
  async function paceOf(learner: Person): Promise<number> {
    const socket = await connect(api.url, '/learn', learner.token);
    const sessionId = newId();
    await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: school.courseId, at: Date.now() });
    const sql = `SELECT id FROM activities WHERE external_id = 'counting-0' AND institution_id = $1`;
    const [activity] = await query<{ id: string }>(api.database.ownerUrl, sql, [school.institutionId]);
    await mustAsk(socket, '/learn', 'response.record', {
      id: newId(),
      sessionId,
      activityId: activity!.id,
      activityVersion: 1,
      answer: { kind: 'choice', option: 'yes' },
      durationMs: 120_000,
      at: Date.now(),
    });
    socket.close();
    const stored = 'SELECT behaviour FROM learner_states WHERE learner_id = $1';
    const [row] = await query<{ behaviour: string }>(api.database.ownerUrl, stored, [learner.id]);
    return (JSON.parse(row!.behaviour) as { answers: { pace: number }[] }).answers[0]!.pace;
  }

  it('counts in the judgement of how slow an answer was', async () => {
    const [usual, unhurried] = [await school.join('student', 'learner'), await school.join('student', 'learner')];
    const { data } = await graphql(
      api.url,
      'mutation ($input: SetAccommodationsInput!) { setAccommodations(input: $input) { ... on Accommodations { extraTime } } }',
      { token: school.teacher.token, variables: { input: { learnerId: unhurried.id, extraTime: 2 } } },
    );
    expect(data!['setAccommodations']).toEqual({ extraTime: 2 });
    expect(await paceOf(usual)).toBeGreaterThan(1);
    expect(await paceOf(unhurried)).toBeCloseTo(0, 9);
  });
});
