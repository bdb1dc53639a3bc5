import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '#libs/platform';
import { ask, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import { createAssignment, drawingOf, markAt, rightMarks, setAssignment, unsureMarks } from '../support/work.js';

const submission = 'query ($id: UUID!) { submission(id: $id) { id } }';
const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;
const update = `mutation ($input: UpdateAssignmentInput!) { updateAssignment(input: $input) { __typename
  ... on Assignment { title stakes dueAt open } ... on Refusal { code message } } }`;
const close = `mutation ($id: UUID!) { closeAssignment(id: $id) { __typename
  ... on Assignment { open closedAt } ... on Refusal { code } } }`;
const list = `query ($courseId: UUID!) { assignments(courseId: $courseId) {
  edges { node { id open activity { title body form { kind image } } } } } }`;

describe('who may do what with work', () => {
  let api: TestApi;
  let worker: RunningPart;
  let mine: School;
  let theirs: School;
  let learner: Person;
  let assignmentId: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    mine = await foundSchool(api.app, 'my-drawings');
    theirs = await foundSchool(api.app, 'their-drawings');
    learner = await mine.join('student', 'learner');
    assignmentId = await setAssignment(api.url, mine);
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const open = async (namespace: '/learn' | '/teach', token: string): Promise<Socket> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    return socket;
  };
  const work = (more: object = {}) => ({ id: newId(), assignmentId, marks: rightMarks, at: Date.now(), ...more });
  const submit = async (person: Person, body: ReturnType<typeof work>) =>
    ask(await open('/learn', person.token), '/learn', 'work.submit', body);
  const asTeacher = async (operation: string, variables: Record<string, unknown>, token = mine.teacher.token) =>
    graphql(api.url, operation, { token, variables });

  it('refuses work outside of its time, and stores nothing', async () => {
    const hour = 3_600_000;
    const early = await setAssignment(api.url, mine, { opensAt: new Date(Date.now() + hour).toISOString() });
    const late = await setAssignment(api.url, mine, { dueAt: new Date(Date.now() - hour).toISOString() });
    const closed = await setAssignment(api.url, mine);
    const first = work({ assignmentId: closed });
    expect(await submit(learner, first)).toMatchObject({ kind: 'submitted' });
    expect(await asTeacher(close, { id: closed })).toMatchObject({ data: { closeAssignment: { open: false } } });
    for (const id of [early, late, closed]) {
      expect(await submit(learner, work({ assignmentId: id }))).toMatchObject({ code: 'ASSIGNMENT_CLOSED' });
    }
    expect(await submit(learner, first)).toMatchObject({ kind: 'submitted', resent: true });
    const [{ count }] = (await query(api.database.ownerUrl, 'SELECT count(*)::int AS count FROM submissions')) as [
      { count: number },
    ];
    expect(count).toBe(1);
    const seen = await graphql(api.url, list, { token: learner.token, variables: { courseId: mine.courseId } });
    const nodes = seen.data!['assignments'].edges.map(({ node }: { node: { id: string } }) => node);
    expect(nodes.find(({ id }: { id: string }) => id === early)).toMatchObject({ open: false, activity: null });
    expect(nodes.find(({ id }: { id: string }) => id === late)).toMatchObject({
      open: false,
      activity: { title: 'Label the squares', form: { kind: 'marks' } },
    });
  });

  it('takes work from learners of the course only', async () => {
    const outsider = await mine.join('student', null);
    const stranger = await theirs.join('student', 'learner');
    expect(await submit(outsider, work())).toMatchObject({ code: 'NOT_FOUND' });
    expect(await submit(stranger, work())).toMatchObject({ code: 'NOT_FOUND' });
    expect(await submit(mine.teacher, work())).toMatchObject({ code: 'FORBIDDEN' });
    expect(await submit(learner, work({ assignmentId: newId() }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await submit(learner, work({ fileId: newId() }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says which mark is wrong', async () => {
    const far = { ...markAt('left'), shape: { kind: 'point', x: 5_000, y: 5 } };
    expect(await submit(learner, work({ marks: [markAt('right'), far] }))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'marks.1.shape' }],
    });
    expect(await submit(learner, work({ marks: [markAt('right'), markAt('right')] }))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'marks.1.id' }],
    });
  });

  it('shows work to its learner and to the teachers of its course', async () => {
    const body = work({ marks: unsureMarks });
    const socket = await open('/learn', learner.token);
    const { next } = heard(socket);
    await mustAsk(socket, '/learn', 'work.submit', body);
    await next('score.deferred');
    const mate = await mine.join('student', 'learner');
    const seenBy = async ({ token }: Person) => {
      const { data, errors } = await graphql(api.url, submission, { token, variables: { id: body.id } });
      return data?.['submission']?.id ?? errors?.[0]?.extensions.code;
    };
    expect(await seenBy(learner)).toBe(body.id);
    expect(await seenBy(mine.teacher)).toBe(body.id);
    expect(await seenBy(mine.admin)).toBe(body.id);
    for (const nosy of [mate, theirs.teacher, theirs.admin]) expect(await seenBy(nosy)).toBe('NOT_FOUND');
    const hint = { id: newId(), submissionId: body.id, criterionId: 'right', at: Date.now() };
    const others = await open('/learn', mate.token);
    expect(await ask(others, '/learn', 'work.hint', hint)).toMatchObject({ code: 'NOT_FOUND' });
    for (const { token, code } of [
      { token: learner.token, code: 'FORBIDDEN' },
      { token: theirs.teacher.token, code: 'NOT_FOUND' },
    ]) {
      const input = { id: newId(), submissionId: body.id };
      expect(await asTeacher(review, { input }, token)).toMatchObject({ data: { reviewSubmission: { code } } });
    }
    const input = {
      id: newId(),
      submissionId: body.id,
      overrides: [
        { criterionId: 'left', awarded: 1.5 },
        { criterionId: 'none', awarded: 0 },
      ],
    };
    const { data } = await asTeacher(review, { input });
    expect(data!['reviewSubmission'].issues.map(({ path }: { path: string }) => path)).toEqual([
      'overrides.0.awarded',
      'overrides.1.criterionId',
      'reason',
    ]);
  });

  it('lets teachers set visual work whose key makes sense', async () => {
    const activityId = await drawingOf(api.url, mine);
    const input = { id: newId(), courseId: mine.courseId, activityId, title: 'Once more', stakes: 'graded' };
    const create = (change: object = {}, token?: string) =>
      asTeacher(createAssignment, { input: { ...input, ...change } }, token).then(
        ({ data }) => data!['createAssignment'],
      );
    expect(await create({}, learner.token)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await create({}, theirs.teacher.token)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await create({ stakes: 'high' })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await create({ opensAt: '2026-05-02T00:00:00Z', dueAt: '2026-05-01T00:00:00Z' })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await create({ activityId: await drawingOf(api.url, theirs) })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await create()).toMatchObject({ id: input.id, activityVersion: 1, open: true });
    expect(await create()).toMatchObject({ id: input.id });
    expect(await create({ title: 'Something else' })).toMatchObject({ code: 'ID_REUSED' });

    const exercise = await query<{ id: string }>(
      api.database.ownerUrl,
      `SELECT id FROM activities WHERE course_id = $1 AND kind = 'exercise' LIMIT 1`,
      [mine.courseId],
    );
    expect(await create({ id: newId(), activityId: exercise[0]!.id })).toMatchObject({ code: 'INVALID_INPUT' });
    const change = { id: input.id, title: 'New title', dueAt: '2036-05-01T00:00:00.000Z' };
    expect(await asTeacher(update, { input: change })).toMatchObject({
      data: { updateAssignment: { title: 'New title', stakes: 'graded', dueAt: change.dueAt } },
    });
    const taken = { id: input.id, title: null, stakes: null, dueAt: null };
    expect(await asTeacher(update, { input: taken })).toMatchObject({
      data: { updateAssignment: { title: 'New title', stakes: 'graded', dueAt: null } },
    });
    expect(await asTeacher(update, { input: change }, learner.token)).toMatchObject({
      data: { updateAssignment: { code: 'FORBIDDEN' } },
    });
    expect(await asTeacher(close, { id: newId() })).toMatchObject({ data: { closeAssignment: { code: 'NOT_FOUND' } } });
  });

  it('lets into the teachers’ namespace who may teach, and hears courses that they teach', async () => {
    await expect(connect(api.url, '/teach', learner.token)).rejects.toThrow('FORBIDDEN');
    const teach = await open('/teach', mine.teacher.token);
    expect(await ask(teach, '/teach', 'course.watch', { courseId: theirs.courseId })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await ask(teach, '/teach', 'events.catch-up', { after: 0, courseId: theirs.courseId })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await ask(teach, '/teach', 'events.catch-up', { after: 0 })).toMatchObject({ code: 'INVALID_INPUT' });
  });
});
