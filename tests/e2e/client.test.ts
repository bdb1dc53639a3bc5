import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttuneClient, AttuneFailure, LearningSession, newId, operations } from '#libs/client';
import { dangerousSystemActor } from '#libs/identity';
import { learnerStream } from '#libs/kernel';
import { ManageEnrolments } from '#libs/learning';
import { learnEventNames } from '#libs/contracts';
import { startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { rightOption } from '../support/course.js';

const settings = { ACCESS_TOKEN_SECONDS: '5' };

describe('the client library', () => {
  let api: TestApi;
  let school: School;
  const clients: AttuneClient[] = [];

  beforeAll(async () => {
    api = await startTestApi(settings);
    school = await foundSchool(api.app, 'client-school');
  }, 60_000);
  afterAll(async () => {
    for (const client of clients) client.close();
    await api?.close();
  });

  async function signIn({ email, password }: Person): Promise<AttuneClient> {
    const client = new AttuneClient({ url: api.url, attemptMs: 3_000 });
    await client.signIn({ institution: school.slug, email, password });
    clients.push(client);
    return client;
  }

  /** Closes the API and, after a while, starts another on the same port and database. */
  async function restart(): Promise<void> {
    await api.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    api = await startTestApi({ ...settings, PORT: new URL(api.url).port }, api.database);
  }

  /** Rows that a learner's responses left. */
  async function storedResponses(learner: Person): Promise<{ id: string; sequence: number }[]> {
    return query(
      api.database.ownerUrl,
      `SELECT r.id, r.sequence FROM responses r JOIN users u USING (pseudonym) WHERE u.id = $1 ORDER BY r.sequence`,
      [learner.id],
    );
  }

  const answerTo = (session: LearningSession) =>
    session.recommended!.activity.form.kind === 'none'
      ? ({ kind: 'done' } as const)
      : ({ kind: 'choice', option: rightOption } as const);

  it('signs in, asks over GraphQL, and throws refusals with their code', async () => {
    const learner = await school.join('student', 'learner');
    const client = await signIn(learner);
    expect((await client.graphql(operations.viewer)).viewer).toMatchObject({ id: learner.id, roles: ['student'] });
    const wrong = new AttuneClient({ url: api.url });
    await expect(
      wrong.signIn({ institution: school.slug, email: learner.email, password: 'wrong' }),
    ).rejects.toMatchObject({ name: 'AttuneFailure', code: 'WRONG_CREDENTIALS' });
    await expect(wrong.graphql(operations.viewer)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await client.signOut();
    expect(client.isSignedIn).toBe(false);
  });

  it('teaches through a session, and tells each event once and in order', async () => {
    const client = await signIn(await school.join('student', 'learner'));
    const socket = client.learn();
    const heard: { type: string; sequence: number }[] = [];
    for (const type of learnEventNames) {
      socket.on(type, ({ sequence }) => heard.push({ type, sequence }));
    }
    const session = await LearningSession.open(socket, { courseId: school.courseId });
    for (let i = 0; i < 5; i++) await session.answer(answerTo(session));
    await expect.poll(() => heard.filter(({ type }) => type === 'response.recorded')).toHaveLength(5);
    expect(heard.map(({ sequence }) => sequence)).toEqual(heard.map((_, index) => index + 1));
    expect(session.mastery).toHaveLength(4);
    await session.close();
    await expect(session.answer(answerTo(session))).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
  });

  it('outlives its access token without an interruption', async () => {
    const learner = await school.join('student', 'learner');
    const pairs: string[] = [];
    const client = new AttuneClient({
      url: api.url,
      onTokens: (pair) => pair && pairs.push(pair.accessToken),
    });
    clients.push(client);
    await client.signIn({ institution: school.slug, email: learner.email, password: learner.password });
    const socket = client.learn();
    const states: string[] = [];
    const session = await LearningSession.open(socket, { courseId: school.courseId });
    socket.onState((state) => states.push(state));
    const until = Date.now() + 8_000;
    let answers = 0;
    for (; Date.now() < until; answers++) {
      await session.answer(answerTo(session));
      await client.graphql(operations.viewer);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(states).toEqual(['up']);
    expect(pairs.length).toBeGreaterThanOrEqual(3);
    expect(pairs.length).toBeLessThanOrEqual(6);
    expect(await storedResponses(learner)).toHaveLength(answers);
  }, 30_000);

  it('hears what happened while it was away, once and in order', async () => {
    const learner = await school.join('student', 'learner');
    const [phone, laptop] = [await signIn(learner), await signIn(learner)];
    const socket = phone.learn();
    const heard: number[] = [];
    for (const type of learnEventNames) {
      socket.on(type, ({ sequence }) => heard.push(sequence));
    }
    await expect.poll(() => socket.cursor()).toBe(0);
    const session = await LearningSession.open(laptop.learn(), { courseId: school.courseId });
    await session.answer(answerTo(session));
    await expect.poll(() => heard).toEqual([1, 2]);

    const cursor = socket.cursor()!;
    socket.close();
    for (let i = 0; i < 3; i++) await session.answer(answerTo(session));
    const later = phone.learn({ after: cursor });
    for (const type of learnEventNames) {
      later.on(type, ({ sequence }) => heard.push(sequence));
    }
    await session.answer(answerTo(session));
    await expect.poll(() => heard.length).toBeGreaterThanOrEqual(6);
    expect(heard).toEqual(heard.map((_, index) => index + 1));
  });

  it('says so when it was away for longer than events are kept, and goes on from there', async () => {
    const learner = await school.join('student', 'learner');
    const [phone, laptop] = [await signIn(learner), await signIn(learner)];
    const session = await LearningSession.open(laptop.learn(), { courseId: school.courseId });
    await session.answer(answerTo(session));
    await query(api.database.ownerUrl, 'DELETE FROM events WHERE stream = $1', [learnerStream(learner.id)]);
    const socket = phone.learn({ after: 0 });
    const lost: unknown[] = [];
    const heard: number[] = [];
    socket.onLost((stream) => lost.push(stream));
    socket.on('response.recorded', ({ sequence }) => heard.push(sequence));
    await expect.poll(() => socket.cursor(), { timeout: 5_000 }).toBe(2);
    await session.answer(answerTo(session));
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([3]);
    expect(lost).toEqual([{ courseId: null }]);
  });

  it('stops following a course that its user no longer teaches', async () => {
    const teacher = await school.join('teacher', 'teacher');
    const socket = (await signIn(teacher)).teach();
    const { courseId } = school;
    const ended: string[] = [];
    socket.on('watch.ended', (watch) => ended.push(watch.courseId));
    await socket.follow({ courseId });
    expect(socket.cursor({ courseId })).not.toBeNull();
    const enrolments = api.app.get(ManageEnrolments, { strict: false });
    await enrolments.end(dangerousSystemActor(school.institutionId), { courseId, userId: teacher.id });
    await expect.poll(() => ended, { timeout: 5_000 }).toEqual([courseId]);
    expect(socket.cursor({ courseId })).toBeNull();
  });

  it('gives up where the sign-in has ended', async () => {
    const learner = await school.join('student', 'learner');
    const client = await signIn(learner);
    const socket = client.learn();
    const session = await LearningSession.open(socket, { courseId: school.courseId });
    const elsewhere = await signIn(learner);
    await elsewhere.signOut({ everywhere: true });
    await expect.poll(() => socket.state, { timeout: 10_000 }).toBe('closed');
    await expect(session.answer(answerTo(session))).rejects.toBeInstanceOf(AttuneFailure);
  }, 20_000);

  it('gets its answers, each recorded once, over a restart of the server', async () => {
    const learner = await school.join('student', 'learner');
    const client = await signIn(learner);
    const socket = client.learn();
    const recorded: string[] = [];
    socket.on('response.recorded', ({ responseId }) => recorded.push(responseId));
    const session = await LearningSession.open(socket, { courseId: school.courseId });
    const bodyOf = (index: number) => ({
      id: newId(),
      sessionId: session.sessionId,
      activityId: session.recommended!.activity.activityId,
      activityVersion: session.recommended!.activity.version,
      answer: answerTo(session),
      durationMs: 1_000 + index,
      at: Date.now(),
    });
    // Many are on their way while the server goes down; others are asked while it is away.
    const bodies = Array.from({ length: 12 }, (_, index) => bodyOf(index));
    const early = bodies.slice(0, 6).map((body) => socket.ask('response.record', body, { patienceMs: Infinity }));
    const restarted = restart();
    await expect.poll(() => socket.state, { interval: 5 }).toBe('connecting');
    const late = bodies.slice(6).map((body) => socket.ask('response.record', body, { patienceMs: Infinity }));
    expect(socket.unanswered).toBeGreaterThanOrEqual(6);
    await restarted;
    const answers = await Promise.all([...early, ...late]);
    expect(answers.map(({ sequence }) => sequence)).toEqual(bodies.map((_, index) => index + 1));
    expect((await storedResponses(learner)).map(({ id }) => id)).toEqual(bodies.map(({ id }) => id));
    await expect.poll(() => recorded).toEqual(bodies.map(({ id }) => id));
  }, 60_000);
});
