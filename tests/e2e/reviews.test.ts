import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dangerousSystemActor, InstitutionRepository, ManageUsers, UnitOfWork } from '#libs/identity';
import { EventLog, EventPublisher, writtenDay, type NewEvent, type StreamedEvent } from '#libs/kernel';
import { ManageEnrolments } from '#libs/learning';
import { Database, SqlDueLearnerRepository } from '#libs/persistence';
import { CatalogueSource, TellReviews, type TellReviewsDependencies, type ToldReviews } from '#libs/tutoring';
import { attune } from '../support/attune-command.js';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { expectOk, foundSchool, type Person, type School } from '../support/school.js';
import { openTestWorker } from '../support/worker.js';

const day = 86_400_000;

interface Noted {
  readonly next_review_on: number | null;
  readonly reviews_told_on: number | null;
}

/** Reviews that are due, told by the worker on a day that the test names. */
describe('telling of reviews', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let schools = 0;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
  }, 60_000);
  beforeEach(async () => {
    school = await foundSchool(api.app, `reviewing-school-${++schools}`);
    learner = await school.join('student', 'learner');
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(() => api?.close());

  const owner = <Row extends object = object>(sql: string, values: unknown[] = []) =>
    query<Row>(api.database.ownerUrl, sql, values);
  const listen = async ({ token }: Person): Promise<Socket & { readonly heard: Heard }> => {
    const socket = await connect(api.url, '/learn', token);
    sockets.push(socket);
    return Object.assign(socket, { heard: heard(socket) });
  };

  /** Somebody who masters Counting today. */
  async function master({ token }: Person): Promise<void> {
    const socket = await connect(api.url, '/learn', token);
    const { courseId } = school;
    const { sessionId } = await mustAsk(socket, '/learn', 'session.open', { id: newId(), courseId, at: Date.now() });
    const exercises = await owner<{ id: string }>(
      `SELECT id FROM activities WHERE course_id = $1 AND external_id LIKE 'counting-_'`,
      [courseId],
    );
    for (let turn = 0; turn < 8; turn++) {
      await mustAsk(socket, '/learn', 'response.record', {
        id: newId(),
        sessionId,
        activityId: exercises[turn % exercises.length]!.id,
        activityVersion: 1,
        answer: { kind: 'choice', option: 'yes' },
        durationMs: 20_000,
        at: Date.now(),
      });
    }
    socket.close();
  }

  /** What the worker runs, at a time of the test's. */
  function teller(now: number, changed: Partial<TellReviewsDependencies> = {}): TellReviews {
    const get = <T>(token: abstract new (...args: never[]) => T): T => api.app.get(token, { strict: false });
    return new TellReviews({
      unitOfWork: get(UnitOfWork),
      institutions: get(InstitutionRepository),
      learners: new SqlDueLearnerRepository(get(Database)),
      catalogues: get(CatalogueSource),
      events: get(EventLog),
      publisher: get(EventPublisher),
      clock: { now: () => now },
      ...changed,
    });
  }
  const tellBy = async (reviews: TellReviews): Promise<ToldReviews> =>
    expectOk(await reviews.execute(dangerousSystemActor(school.institutionId), school.courseId));
  const tell = (now: number): Promise<ToldReviews> => tellBy(teller(now));
  const awaits = async (now: number): Promise<boolean> =>
    (await teller(now).courses()).some(({ courseId }) => courseId === school.courseId);
  const noted = async ({ id }: Person): Promise<Noted> =>
    (await owner<Noted>('SELECT next_review_on, reviews_told_on FROM learner_states WHERE learner_id = $1', [id]))[0]!;
  const dueOn = async (person: Person): Promise<number> => (await noted(person)).next_review_on!;

  /** As if the learner had answered everything so many days ago. */
  const rememberFromDaysAgo = (days: number) =>
    owner(
      `UPDATE learner_states SET next_review_on = 0,
         memory = regexp_replace(memory, '"reviewedOn":\\d+', '"reviewedOn":' || $2::text, 'g')
       WHERE learner_id = $1`,
      [learner.id, String(Math.floor(Date.now() / day) - days)],
    );

  it('tells the learner on the day on which the first skill falls due, and nobody else', async () => {
    await master(learner);
    const strangers = [
      await listen(await school.join('student', 'learner')),
      await listen(await (await foundSchool(api.app, 'not-reviewing-school')).join('student', 'learner')),
    ];
    const learn = await listen(learner);
    const { cursor } = await mustAsk(learn, '/learn', 'events.catch-up', { after: null });
    const due = await dueOn(learner);
    expect(due).toBeGreaterThan(Date.now() / day);

    expect(await awaits((due - 1) * day)).toBe(false);
    expect(await tell((due - 1) * day)).toEqual({ told: 0, more: false });
    expect(await awaits(due * day)).toBe(true);
    expect(await tell(due * day)).toEqual({ told: 1, more: false });
    const event = await learn.heard.next('review.due');
    expect(event).toMatchObject({ courseId: school.courseId, reviews: [{ dueOn: writtenDay(due) }] });
    const [counting] = await owner<{ id: string }>(`SELECT id FROM skills WHERE course_id = $1 AND name = 'Counting'`, [
      school.courseId,
    ]);
    const [review] = event['reviews'] as { skillId: string; retrievability: number }[];
    expect(review!.skillId).toBe(counting!.id);
    expect(review!.retrievability).toBeCloseTo(0.9, 1);

    // On the same day nothing more, on the next one again, as long as it is due.
    expect(await awaits(due * day + day - 1)).toBe(false);
    expect(await tell(due * day + day - 1)).toEqual({ told: 0, more: false });
    expect(await noted(learner)).toEqual({ next_review_on: due + 1, reviews_told_on: due });
    expect(await tell((due + 1) * day)).toEqual({ told: 1, more: false });
    expect(await learn.heard.next('review.due')).toMatchObject({ reviews: [{ dueOn: writtenDay(due) }] });

    const { events } = await mustAsk(learn, '/learn', 'events.catch-up', { after: cursor });
    expect(events.map(({ type }) => type)).toEqual(['review.due', 'review.due']);
    expect(events[0]!.payload).toEqual(event);
    for (const stranger of strangers) expect(stranger.heard.waiting('review.due')).toBe(0);
  });

  it('goes by the clocks of the institution', async () => {
    await master(learner);
    const midnight = (await dueOn(learner)) * day;
    const moveTo = (zone: string) =>
      owner('UPDATE institutions SET time_zone = $2 WHERE id = $1', [school.institutionId, zone]);
    await moveTo('Pacific/Honolulu');
    expect(await awaits(midnight + 5 * 3_600_000)).toBe(false);
    expect(await tell(midnight + 5 * 3_600_000)).toMatchObject({ told: 0 });
    await moveTo('Pacific/Kiritimati');
    expect(await awaits(midnight - 15 * 3_600_000)).toBe(false);
    expect(await awaits(midnight - 13 * 3_600_000)).toBe(true);
    expect(await tell(midnight - 13 * 3_600_000)).toMatchObject({ told: 1 });
  });

  it('tells everybody once, however many workers do it at once', async () => {
    const class_ = await Promise.all(Array.from({ length: 8 }, () => school.join('student', 'learner')));
    await Promise.all(class_.map(master));
    const due = Math.max(...(await Promise.all(class_.map(dueOn))));
    const told = await Promise.all([1, 2, 3].map(() => tell(due * day)));
    // Whom one has locked the others leave to it.
    expect(told.reduce((sum, each) => sum + each.told, 0)).toBe(8);
    const events = await owner(`SELECT 1 FROM events WHERE institution_id = $1 AND type = 'review.due'`, [
      school.institutionId,
    ]);
    expect(events).toHaveLength(8);
  });

  it('tells later what a worker that ended before the commit did not, and once what it did after', async () => {
    await master(learner);
    const due = await dueOn(learner);
    const ended = new Error('the worker ended');
    const log = api.app.get(EventLog, { strict: false });
    const dies: Pick<EventLog, 'append'> = {
      append: async (events: readonly NewEvent[], at: Date): Promise<StreamedEvent[]> => {
        await log.append(events, at);
        throw ended;
      },
    };
    const events = Object.assign(Object.create(log) as EventLog, dies);
    await expect(tellBy(teller(due * day, { events }))).rejects.toThrow(ended);
    expect((await noted(learner)).reviews_told_on).toBeNull();

    const learn = await listen(learner);
    const { cursor } = await mustAsk(learn, '/learn', 'events.catch-up', { after: null });
    const publisher = {
      publish: () => {
        throw ended;
      },
    };
    await expect(tellBy(teller(due * day, { publisher }))).rejects.toThrow(ended);
    expect(await tell(due * day)).toMatchObject({ told: 0 });
    const { events: missed } = await mustAsk(learn, '/learn', 'events.catch-up', { after: cursor });
    expect(missed.map(({ type }) => type)).toEqual(['review.due']);
    expect(learn.heard.waiting('review.due')).toBe(0);
  });

  it('tells nothing to who has left or is deactivated, nor of an archived course', async () => {
    const left = await school.join('student', 'learner');
    const disabled = await school.join('student', 'learner');
    for (const person of [learner, left, disabled]) await master(person);
    const due = Math.max(...(await Promise.all([learner, left, disabled].map(dueOn))));
    const system = dangerousSystemActor(school.institutionId);
    const enrolments = api.app.get(ManageEnrolments, { strict: false });
    expectOk(await enrolments.end(system, { courseId: school.courseId, userId: left.id }));
    expectOk(await api.app.get(ManageUsers, { strict: false }).disable(system, disabled.id));
    await owner('UPDATE courses SET archived_at = now() WHERE id = $1', [school.courseId]);
    expect(await awaits(due * day)).toBe(false);
    await owner('UPDATE courses SET archived_at = NULL WHERE id = $1', [school.courseId]);

    expect(await awaits(due * day)).toBe(true);
    expect(await tell(due * day)).toEqual({ told: 1, more: false });
    // They are looked at once a day, no more.
    expect(await awaits(due * day)).toBe(false);
    expect(await noted(left)).toEqual({ next_review_on: due + 1, reviews_told_on: null });
    expect(await noted(disabled)).toEqual({ next_review_on: due + 1, reviews_told_on: null });
    expect(await noted(learner)).toEqual({ next_review_on: due + 1, reviews_told_on: due });
  });

  it('works out when to look at learners whose states were stored before that was kept', async () => {
    await master(learner);
    const due = await dueOn(learner);
    const fresh = await school.join('student', 'learner');
    const socket = await listen(fresh);
    await mustAsk(socket, '/learn', 'session.open', { id: newId(), courseId: school.courseId, at: Date.now() });
    expect(await noted(fresh)).toEqual({ next_review_on: null, reviews_told_on: null });
    await owner('UPDATE learner_states SET next_review_on = DEFAULT WHERE course_id = $1', [school.courseId]);
    expect(await dueOn(fresh)).toBe(0);

    expect(await tell(Date.now())).toEqual({ told: 0, more: false });
    expect(await noted(learner)).toEqual({ next_review_on: due, reviews_told_on: null });
    expect(await noted(fresh)).toEqual({ next_review_on: null, reviews_told_on: null });
  });

  it('does not tell twice on a day on which she does something in between', async () => {
    await master(learner);
    const today = Math.floor(Date.now() / day);
    await rememberFromDaysAgo(60);
    expect(await tell(today * day)).toMatchObject({ told: 1 });

    const socket = await listen(learner);
    const { courseId } = school;
    const { sessionId } = await mustAsk(socket, '/learn', 'session.open', { id: newId(), courseId, at: Date.now() });
    const interaction = { id: newId(), sessionId, kind: 'went-idle', activityId: null, at: Date.now() } as const;
    await mustAsk(socket, '/learn', 'interaction.record', interaction);
    // Counting is still due, but she knows.
    expect(await noted(learner)).toEqual({ next_review_on: today + 1, reviews_told_on: today });
    expect(await awaits(today * day)).toBe(false);
    expect(await tell(today * day)).toMatchObject({ told: 0 });
  });

  it('is part of what the worker does again and again', async () => {
    await master(learner);
    await rememberFromDaysAgo(60);
    const learn = await listen(learner);
    const worker = await openTestWorker(api.database);
    try {
      await worker.tellReviews();
      const { reviews } = await learn.heard.next('review.due');
      const document = 'query ($courseId: UUID!) { dueReviews(courseId: $courseId) { skillId retrievability dueOn } }';
      const { data } = await graphql(api.url, document, {
        token: learner.token,
        variables: { courseId: school.courseId },
      });
      expect(reviews).toEqual(data!['dueReviews']);
      await worker.tellReviews();
      expect(learn.heard.waiting('review.due')).toBe(0);
    } finally {
      await worker.close();
    }
    // Her responses say otherwise: what is rebuilt from them is due when they say.
    const { code } = await attune(['rebuild', 'mastery', '--all', '--course', school.courseId], {
      DATABASE_URL: api.database.ownerUrl,
    });
    expect(code).toBe(0);
    expect(await dueOn(learner)).toBeGreaterThan(Date.now() / day);
  });
});
