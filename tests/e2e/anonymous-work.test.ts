import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import { drawingOf, handInSettled, rightMarks, send, setAssignment, unsureMarks } from '../support/work.js';

describe('work whose learners are not known', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let mate: Person;
  let anonymous: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'anonymous-school');
    learner = await school.join('student', 'learner');
    mate = await school.join('student', 'learner');
    anonymous = await setAssignment(api.url, school, { anonymous: true, stakes: 'graded' });
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const see = (id: string, by: Person) => send(api, by, operations.submission, { id });
  const list = async (more: { assignmentId?: string; learnerId?: string }, by = school.teacher) => {
    const variables = { courseId: school.courseId, first: 90, after: null, ...more };
    return (await send(api, by, operations.submissions, variables)).edges.map(({ node }) => node);
  };
  const reveal = (assignmentId: string, by = school.teacher) =>
    send(api, by, operations.revealLearners, { assignmentId });
  const teach = async (): Promise<Heard> => {
    const socket = await connect(api.url, '/teach', school.teacher.token);
    sockets.push(socket);
    await mustAsk(socket, '/teach', 'course.watch', { courseId: school.courseId });
    return heard(socket);
  };

  it('has one alias for each learner, everywhere that teachers look, until they are revealed for good', async () => {
    const events = await teach();
    const [first, second] = [
      await handInSettled(api, learner, anonymous, rightMarks),
      await handInSettled(api, learner, anonymous, unsureMarks),
    ];
    const theirs = await handInSettled(api, mate, anonymous, rightMarks);
    const whole = await list({ assignmentId: anonymous });
    const alias = (await see(first, school.teacher)).learner!;
    expect(alias.name).toMatch(/^Learner [0-9A-F]{6}$/);
    expect(whole.map(({ id, learner: by }) => [id, by!.id === alias.id])).toEqual([
      [theirs, false],
      [second, true],
      [first, true],
    ]);
    const queue = await send(api, school.teacher, operations.reviewQueue, {
      courseId: school.courseId,
      first: 90,
      after: null,
    });
    const review = { id: newId(), submissionId: first };
    await send(api, school.teacher, operations.reviewSubmission, { input: review });
    const told = [
      await events.next('submission.received'),
      await events.next('submission.awaits-review'),
      await events.next('submission.reviewed'),
    ];
    expect(told).toMatchObject([{ learnerId: alias.id }, { learnerId: alias.id }, {}]);
    const seen = JSON.stringify([whole, queue, told, await see(second, school.admin)]);
    for (const { id } of [learner, mate]) expect(seen).not.toContain(id);
    expect(seen).not.toContain('student ');
    // Nor does asking for one learner's work tell.
    expect(await list({ learnerId: learner.id })).toEqual([]);
    expect(await list({}, learner)).toHaveLength(2);
    expect((await see(first, learner)).learner).toMatchObject({ id: learner.id });

    // In another assignment she has another alias.
    const other = await setAssignment(api.url, school, { anonymous: true });
    const elsewhere = await see(await handInSettled(api, learner, other, rightMarks), school.teacher);
    expect(elsewhere.learner!.id).not.toBe(alias.id);

    const revealed = await reveal(anonymous);
    expect(revealed).toMatchObject({ __typename: 'Assignment', anonymous: true, revealedAt: expect.any(String) });
    expect(await reveal(anonymous)).toMatchObject({ revealedAt: (revealed as { revealedAt: string }).revealedAt });
    expect((await see(first, school.teacher)).learner).toMatchObject({ id: learner.id });
    expect((await list({ learnerId: learner.id })).map(({ id }) => id)).toEqual([second, first]);
    expect((await see(elsewhere.id, school.teacher)).learner).toEqual(elsewhere.learner);
    const audits = await query(
      api.database.ownerUrl,
      `SELECT 1 FROM audit_events WHERE action = 'assignment.revealed'`,
    );
    expect(audits).toHaveLength(1);
  });

  it('gives a learner one alias, however much she hands in at once', async () => {
    const assignmentId = await setAssignment(api.url, school, { anonymous: true });
    await Promise.all([1, 2, 3, 4].map(() => handInSettled(api, learner, assignmentId, rightMarks)));
    const aliases = new Set((await list({ assignmentId })).map(({ learner: by }) => by!.id));
    expect(aliases.size).toBe(1);
  });

  it('is revealed by the teachers of the course only, and only where it is anonymous', async () => {
    const stranger = (await foundSchool(api.app, 'not-anonymous-school')).teacher;
    expect(await reveal(anonymous, learner)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await reveal(anonymous, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reveal(await setAssignment(api.url, school))).toMatchObject({ code: 'WRONG_STATE' });
    // That it is anonymous belongs to what was created: a resend without it is another body.
    const input = {
      id: newId(),
      courseId: school.courseId,
      activityId: await drawingOf(api.url, school),
      title: 'Unseen',
      anonymous: true,
    };
    const create = (changed: object = {}) =>
      send(api, school.teacher, operations.createAssignment, { input: { ...input, ...changed } });
    expect(await create()).toMatchObject({ anonymous: true, revealedAt: null });
    expect(await create()).toMatchObject({ id: input.id });
    expect(await create({ anonymous: false })).toMatchObject({ code: 'ID_REUSED' });
  });
});
