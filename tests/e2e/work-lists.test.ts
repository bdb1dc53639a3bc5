import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '#libs/platform';
import { ask as socketAsk, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';
import { drawingOf, rightMarks, setAssignment } from '../support/work.js';

const submitWork = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) {
  __typename ... on SubmittedWork { submissionId } ... on Refusal { code } } }`;
const list = `query ($courseId: UUID!, $assignmentId: UUID, $learnerId: UUID, $first: Int, $after: String) {
  submissions(courseId: $courseId, assignmentId: $assignmentId, learnerId: $learnerId, first: $first, after: $after) {
    edges { node { id state learner { id } assignment { id } scores { total } } } pageInfo { hasNextPage endCursor } } }`;
const updateAssignment = `mutation ($input: UpdateAssignmentInput!) { updateAssignment(input: $input) {
  __typename ... on Assignment { stakes } ... on Refusal { code } } }`;
const reviewQueue = 'query ($courseId: UUID!) { reviewQueue(courseId: $courseId) { edges { node { id state } } } }';

describe('lists of work', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let other: School;
  let learner: Person;
  let mate: Person;
  let assignmentId: string;

  beforeAll(async () => {
    api = await startTestApi({ SOCKET_SWEEP_SECONDS: '300' });
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'list-school');
    other = await foundSchool(api.app, 'other-list-school');
    learner = await school.join('student', 'learner');
    mate = await school.join('student', 'learner');
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const ask = ({ token }: Person, operation: string, variables: Record<string, unknown>) =>
    graphql(api.url, operation, { token, variables });
  const handIn = async (person: Person, to = assignmentId): Promise<string> => {
    const input = { id: newId(), assignmentId: to, marks: rightMarks, at: new Date().toISOString() };
    const { data } = await ask(person, submitWork, { input });
    expect(data?.['submitWork']).toMatchObject({ __typename: 'SubmittedWork' });
    return input.id;
  };
  const page = async (person: Person, more: object = {}) => {
    const { data, errors } = await ask(person, list, { courseId: school.courseId, ...more });
    expect(errors, JSON.stringify(errors)).toBeUndefined();
    return data!['submissions'] as {
      edges: { node: { id: string; state: string; learner: { id: string }; scores: object[] } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
  const idsFor = async (person: Person, more: object = {}) =>
    (await page(person, more)).edges.map(({ node }) => node.id);
  const isGraded = async (id: string) =>
    (await page(school.teacher)).edges.some(({ node }) => node.id === id && node.state !== 'queued');

  it('show a learner her own past work, and teachers that of their course', async () => {
    const second = await setAssignment(api.url, school);
    const hers = [await handIn(learner), await handIn(learner, second)];
    const mates = await handIn(mate);
    expect(await idsFor(learner)).toEqual(hers.toReversed());
    expect(await idsFor(learner, { assignmentId: second })).toEqual([hers[1]]);
    expect(await idsFor(learner, { learnerId: learner.id })).toEqual(hers.toReversed());
    expect(await idsFor(mate)).toEqual([mates]);
    for (const person of [school.teacher, school.admin])
      expect(await idsFor(person)).toEqual([mates, ...hers.toReversed()]);
    expect(await idsFor(school.teacher, { learnerId: mate.id })).toEqual([mates]);

    const first = await page(school.teacher, { first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await page(school.teacher, { first: 2, after: first.pageInfo.endCursor });
    expect([...first.edges, ...rest.edges].map(({ node }) => node.id)).toEqual(await idsFor(school.teacher));

    const refused = async (person: Person, more: object = {}) =>
      (await ask(person, list, { courseId: school.courseId, ...more })).errors?.[0]?.extensions.code;
    expect(await refused(learner, { learnerId: mate.id })).toBe('FORBIDDEN');
    for (const person of [await school.join('student', null), other.teacher, other.admin])
      expect(await refused(person)).toBe('NOT_FOUND');
  });

  it('bring practice that is to count before the teacher, and hide it from its learner until then', async () => {
    const practice = await setAssignment(api.url, school);
    const id = await handIn(learner, practice);
    await until(() => isGraded(id));
    const seenBy = async (person: Person) => (await page(person, { assignmentId: practice })).edges[0]!.node;
    expect(await seenBy(learner)).toMatchObject({ state: 'graded', scores: [{ total: 2 }] });
    const { data } = await ask(school.teacher, updateAssignment, { input: { id: practice, stakes: 'graded' } });
    expect(data!['updateAssignment']).toMatchObject({ stakes: 'graded' });
    expect(await seenBy(learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
    const waiting = await ask(school.teacher, reviewQueue, { courseId: school.courseId });
    expect(waiting.data!['reviewQueue'].edges).toContainEqual({ node: { id, state: 'needs-review' } });
  });

  it('of activities leave out what has not opened yet, of which there are no hints either', async () => {
    const own = await foundSchool(api.app, 'opening-school');
    const pupil = await own.join('student', 'learner');
    const activityId = await drawingOf(api.url, own);
    const seen = async (): Promise<string[]> => {
      const operation = `query ($id: UUID!) { course(id: $id) { learnerActivities(kind: "visual-assignment") {
        edges { node { activityId } } } } }`;
      const { data } = await ask(pupil, operation, { id: own.courseId });
      return data!['course'].learnerActivities.edges.map(
        ({ node }: { node: { activityId: string } }) => node.activityId,
      );
    };
    expect(await seen(), 'what nobody has set').toEqual([activityId]);
    const socket = await connect(api.url, '/learn', pupil.token);
    const sessionId = newId();
    await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: own.courseId, at: Date.now() });
    const hint = () =>
      socketAsk(socket, '/learn', 'hint.request', { id: newId(), sessionId, activityId, at: Date.now() });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const id = await setAssignment(api.url, own, { opensAt: tomorrow });
    expect(await seen()).toEqual([]);
    expect(await hint()).toMatchObject({ code: 'NOT_FOUND' });
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await ask(own.teacher, updateAssignment, { input: { id, opensAt: yesterday } });
    expect(await seen()).toEqual([activityId]);
    // It has none, but that may be known now.
    expect(await hint()).toMatchObject({ code: 'NO_MORE_HINTS' });
    socket.close();
  });
});
