import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type ReviewGroupView } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import { handInSettled, markAt, rightMarks, send, setAssignment, swappedMarks } from '../support/work.js';

const queueOf = `query ($courseId: UUID!, $first: Int!, $after: String) {
  reviewQueue(courseId: $courseId, first: $first, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor } } }`;

describe('the review queue', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let graded: string;

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'queue-school');
    learner = await school.join('student', 'learner');
    graded = await setAssignment(api.url, school, { stakes: 'graded' });
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const handIn = (marks: readonly object[], to = graded) => handInSettled(api, learner, to, marks);
  const page = async (first: number, after: string | null = null, by: Person = school.teacher) => {
    const variables = { courseId: school.courseId, first, after };
    const { data, errors } = await graphql(api.url, queueOf, { token: by.token, variables });
    if (errors !== undefined) throw new Error(errors[0]!.extensions.code);
    const { edges, pageInfo } = data!['reviewQueue'] as {
      edges: { node: { id: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    return { ids: edges.map(({ node }) => node.id), ...pageInfo };
  };
  const groups = async (): Promise<ReviewGroupView[]> => {
    const { edges } = await send(api, school.teacher, operations.reviewGroups, {
      courseId: school.courseId,
      first: 100,
      after: null,
    });
    return edges.map(({ node }) => node);
  };
  const confirm = async (works: readonly { submissionId: string; scoreId: string }[]) => {
    const confirmations = works.map((work) => ({ id: newId(), ...work }));
    const input = { courseId: school.courseId, confirmations };
    return (await send(api, school.teacher, operations.confirmReviews, { input })).outcomes;
  };
  const daysAgo = (id: string, days: number) =>
    query(api.database.ownerUrl, `UPDATE submissions SET received_at = now() - $2 * interval '1 day' WHERE id = $1`, [
      id,
      days,
    ]);

  it('is ordered by what a look is worth, in groups of like works, which are settled at once', async () => {
    const right = await handIn(rightMarks);
    const swapped = [await handIn(swappedMarks), await handIn(swappedMarks.toReversed()), await handIn(swappedMarks)];
    const blank = await handIn([]);
    expect((await page(100)).ids).toEqual([blank, ...swapped, right]);
    const [first, second, last] = await groups();
    expect(first).toMatchObject({ size: 1, flags: ['blank'], example: { id: blank } });
    expect(second).toMatchObject({
      size: 3,
      assignment: { id: graded },
      findings: [
        { criterionId: 'left', error: 'swapped', awarded: 0 },
        { criterionId: 'right', error: 'swapped' },
      ],
      example: { id: swapped[0] },
    });
    expect(last).toMatchObject({ size: 1, findings: [], example: { id: right } });
    // Whoever has waited for long enough is first.
    await daysAgo(right, 365);
    expect((await page(100)).ids[0]).toBe(right);

    const outcomes = await confirm(second!.confirmable);
    expect(outcomes.map(({ submissionId, code }) => [submissionId, code])).toEqual(swapped.map((id) => [id, null]));
    expect((await groups()).map(({ example }) => example.id)).toEqual([right, blank]);
    await confirm((await groups()).flatMap(({ confirmable }) => confirmable));
    expect(await groups()).toEqual([]);
  });

  it('keeps its order over all pages, whatever is settled and comes in meanwhile', async () => {
    const works: string[] = [];
    for (const marks of [swappedMarks, swappedMarks, rightMarks, [markAt('left')], [markAt('left')], rightMarks]) {
      works.push(await handIn(marks));
    }
    const whole = (await page(100)).ids;
    expect(whole.toSorted()).toEqual(works.toSorted());
    const read: string[] = [];
    let after: string | null = null;
    do {
      const next = await page(2, after);
      read.push(...next.ids);
      after = next.hasNextPage ? next.endCursor : null;
      // She settles the first of what she sees, and somebody hands in what is like the other.
      const scores = await query<{ id: string }>(
        api.database.ownerUrl,
        'SELECT id FROM scores WHERE submission_id = $1',
        [next.ids[0]],
      );
      await confirm([{ submissionId: next.ids[0]!, scoreId: scores[0]!.id }]);
      await handIn(rightMarks);
    } while (after !== null);
    expect(read).toEqual(whole);
    expect((await page(100)).ids).toHaveLength(6);
  });

  it('puts work that no program has scored, and that its learner asks about, among the unsure', async () => {
    const practice = await setAssignment(api.url, school);
    const [asked, unscored] = [await handIn(swappedMarks, practice), await handIn(rightMarks, practice)];
    await query(api.database.ownerUrl, 'DELETE FROM scores WHERE submission_id = $1', [unscored]);
    await query(api.database.ownerUrl, `UPDATE submissions SET state = 'failed' WHERE id = $1`, [unscored]);
    const { scores } = await send(api, learner, operations.submission, { id: asked });
    const input = { id: newId(), submissionId: asked, scoreId: scores[0]!.id, reason: 'Look again.' };
    await send(api, learner, operations.requestRegrade, { input });
    const found = (await groups()).filter(({ assignment }) => assignment.id === practice);
    expect(found).toMatchObject([
      { example: { id: asked }, confidence: expect.closeTo(0.8, 0), confirmable: [] },
      { example: { id: unscored }, confidence: null, confirmable: [] },
    ]);
    for (const { value } of found) expect(value).toBeCloseTo(1, 1);
  });

  it('is for the teachers of the course', async () => {
    await expect(page(10, null, learner)).rejects.toThrow('FORBIDDEN');
    const stranger = (await foundSchool(api.app, 'not-queue-school')).teacher;
    await expect(page(10, null, stranger)).rejects.toThrow('NOT_FOUND');
    const future = Buffer.from(`2999-01-01T00:00:00.000Z/1/${newId()}`).toString('base64url');
    await expect(page(10, future)).rejects.toThrow('INVALID_INPUT');
  });
});
