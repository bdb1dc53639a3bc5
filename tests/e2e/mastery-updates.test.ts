import pg from 'pg';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestInput } from '#libs/contracts';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';

type Body = RequestInput<'/learn', 'response.record'>;
type Listener = Socket & { readonly heard: Heard };

/** Nobody needs more right answers, or wrong ones, than these. */
const enough = 40;

const mastery = `query ($courseId: UUID!, $learnerId: UUID) {
  mastery(courseId: $courseId, learnerId: $learnerId) { skillId name probability mastered } }`;

describe('a skill that comes to count as mastered, or ceases to', () => {
  let api: TestApi;
  let school: School;
  let elsewhere: School;
  let exercises: string[];
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'crossing-school');
    elsewhere = await foundSchool(api.app, 'other-crossing-school');
    const rows = await query<{ id: string }>(
      api.database.ownerUrl,
      `SELECT id FROM activities WHERE course_id = $1 AND external_id LIKE 'counting-_' ORDER BY external_id`,
      [school.courseId],
    );
    exercises = rows.map(({ id }) => id);
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(() => api?.close());

  const listen = async (namespace: '/learn' | '/teach', { token }: Person): Promise<Listener> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    return Object.assign(socket, { heard: heard(socket) });
  };
  const watch = async ({ teacher, courseId }: School): Promise<Listener & { readonly cursor: number }> => {
    const socket = await listen('/teach', teacher);
    return Object.assign(socket, await mustAsk(socket, '/teach', 'course.watch', { courseId }));
  };
  const openSession = async (socket: Socket): Promise<string> =>
    (await mustAsk(socket, '/learn', 'session.open', { id: newId(), courseId: school.courseId, at: Date.now() }))
      .sessionId;
  const aBody = (sessionId: string, turn: number, option: 'yes' | 'no'): Body => ({
    id: newId(),
    sessionId,
    activityId: exercises[turn % exercises.length]!,
    activityVersion: 1,
    answer: { kind: 'choice', option },
    durationMs: 20_000,
    at: Date.now(),
  });
  /** Whether Counting counts as mastered now, as its reader sees it. */
  const masteryOf = async ({ token }: Person): Promise<{ skillId: string; probability: number; mastered: boolean }> => {
    const { data } = await graphql(api.url, mastery, { token, variables: { courseId: school.courseId } });
    return data!['mastery'].find(({ name }: { name: string }) => name === 'Counting');
  };
  /** Answers until Counting counts as mastered, or no longer does; gives the answer that did it. */
  async function cross(socket: Socket, learner: Person, sessionId: string, option: 'yes' | 'no'): Promise<Body> {
    for (let turn = 0; turn < enough; turn++) {
      const body = aBody(sessionId, turn, option);
      await mustAsk(socket, '/learn', 'response.record', body);
      if ((await masteryOf(learner)).mastered === (option === 'yes')) return body;
    }
    throw new Error(`${enough} answers did not do it.`);
  }

  it('is told to the learner and to the teachers who watch, once, and to nobody else', async () => {
    const learner = await school.join('student', 'learner');
    const [learn, other, teach] = [
      await listen('/learn', learner),
      await listen('/learn', learner),
      await watch(school),
    ];
    const strangers = [
      await listen('/learn', await school.join('student', 'learner')),
      await listen('/learn', await elsewhere.join('student', 'learner')),
      await watch(elsewhere),
    ];
    const sessionId = await openSession(learn);
    const { cursor: before } = await mustAsk(learn, '/learn', 'events.catch-up', { after: null });

    const last = await cross(learn, learner, sessionId, 'yes');
    const { skillId, probability } = await masteryOf(learner);
    const crossing = {
      courseId: school.courseId,
      skillId,
      mastered: true,
      probability: expect.closeTo(probability, 6),
    };
    expect(await learn.heard.next('mastery.updated')).toMatchObject(crossing);
    expect(await other.heard.next('mastery.updated')).toMatchObject(crossing);
    expect(await teach.heard.next('mastery.updated')).toMatchObject({ ...crossing, learnerId: learner.id });

    // Neither the same answer again nor another right one tells anything.
    expect(await mustAsk(learn, '/learn', 'response.record', last)).toMatchObject({ resent: true });
    await mustAsk(learn, '/learn', 'response.record', aBody(sessionId, 0, 'yes'));
    await cross(learn, learner, sessionId, 'no');
    expect(await learn.heard.next('mastery.updated')).toMatchObject({ skillId, mastered: false });
    expect(await teach.heard.next('mastery.updated')).toMatchObject({ skillId, mastered: false });

    const missed = await mustAsk(learn, '/learn', 'events.catch-up', { after: before });
    const updates = missed.events.filter(({ type }) => type === 'mastery.updated');
    expect(updates.map(({ payload }) => payload)).toMatchObject([crossing, { skillId, mastered: false }]);
    // The stream of the course is written when something crossed, and at no other time.
    const { cursor: after, courseId } = { ...teach, courseId: school.courseId };
    const { events } = await mustAsk(teach, '/teach', 'events.catch-up', { after, courseId });
    expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['mastery.updated', after + 1],
      ['mastery.updated', after + 2],
    ]);
    for (const stranger of strangers) expect(stranger.heard.waiting('mastery.updated')).toBe(0);
  });

  it('takes the stream of the course before that of the learner, as all do who write to both', async () => {
    const first = await school.join('student', 'learner');
    const begins = await listen('/learn', first);
    await cross(begins, first, await openSession(begins), 'yes');
    const learner = await school.join('student', 'learner');
    const learn = await listen('/learn', learner);
    const sessionId = await openSession(learn);
    const holder = new pg.Client({ connectionString: api.database.ownerUrl });
    await holder.connect();
    const take = (stream: string) =>
      holder.query('SELECT 1 FROM event_streams WHERE institution_id = $1 AND stream = $2 FOR UPDATE NOWAIT', [
        school.institutionId,
        stream,
      ]);
    try {
      await holder.query('BEGIN');
      expect((await take(`course/${school.courseId}`)).rowCount).toBe(1);
      const crossed = cross(learn, learner, sessionId, 'yes');
      await until(async () => {
        const waiting = await query(api.database.ownerUrl, 'SELECT 1 FROM pg_locks WHERE NOT granted');
        return waiting.length > 0;
      });
      expect((await take(`learner/${learner.id}`)).rowCount).toBe(1);
      await holder.query('ROLLBACK');
      await crossed;
    } finally {
      await holder.end();
    }
    expect(await learn.heard.next('mastery.updated')).toMatchObject({ mastered: true });
  });

  it('is numbered without a gap when a class crosses at once', async () => {
    const teach = await watch(school);
    const learners = await Promise.all(Array.from({ length: 6 }, () => school.join('student', 'learner')));
    await Promise.all(
      learners.map(async (learner) => {
        const socket = await listen('/learn', learner);
        await cross(socket, learner, await openSession(socket), 'yes');
      }),
    );
    const told = await Promise.all(learners.map(() => teach.heard.next('mastery.updated')));
    expect(told.map(({ learnerId }) => learnerId).sort()).toEqual(learners.map(({ id }) => id).sort());
    expect(told.map(({ sequence }) => Number(sequence) - teach.cursor).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
