import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { newId, startTestApi, type TestApi } from '../support/api.js';
import { aSpecification } from '../support/course.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import {
  drawingOf,
  handInSettled,
  markAt,
  rightMarks,
  send,
  setAssignment,
  settled,
  swappedMarks,
} from '../support/work.js';

describe('grading the works of an assignment anew', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let activityId: string;

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'regrading-school');
    learner = await school.join('student', 'learner');
    activityId = await drawingOf(api.url, school);
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const handIn = (assignmentId: string, marks: readonly object[]) => handInSettled(api, learner, assignmentId, marks);
  const see = (id: string, by: Person = school.teacher) => send(api, by, operations.submission, { id });
  const scoresOf = async (id: string, by?: Person) =>
    (await see(id, by)).scores.map(({ source, total, maximum }) => [source, total, maximum]);
  const preview = (input: object, by = school.teacher) =>
    send(api, by, operations.previewRegrade, { input: input as { assignmentId: string; activityVersion: number } });
  const regrade = (input: object, by = school.teacher) =>
    send(api, by, operations.regradeAssignment, {
      input: input as { id: string; assignmentId: string; activityVersion: number },
    });
  /** Publishes the drawing with another key, and gives the number of that version. */
  const publish = async (
    specification: object,
    form: { readonly kind: string } = { kind: 'marks', image: 'media/squares.png' } as { kind: string },
  ): Promise<number> => {
    const drawing = (await send(api, school.teacher, operations.activity, { id: activityId }))!;
    const { minutes, difficulty, skillIds, content } = drawing.current;
    const input = {
      activityId,
      kind: 'visual-assignment',
      modality: 'drawing',
      language: 'en',
      minutes,
      difficulty,
      skillIds,
      content: { ...(content as object), form, key: { kind: form.kind, specification } },
    };
    const published = await send(api, school.teacher, operations.publishActivityVersion, { input });
    return published.current.version;
  };
  /** The left square counts threefold. */
  const weighty = structuredClone(aSpecification);
  weighty.parts[0]!.points = 3;

  it('shows who is affected before, adds scores after, and leaves a teacher’s word as it is', async () => {
    const assignmentId = await setAssignment(api.url, school);
    const [right, left, swapped] = [
      await handIn(assignmentId, rightMarks),
      await handIn(assignmentId, [markAt('left')]),
      await handIn(assignmentId, swappedMarks),
    ];
    const review = {
      id: newId(),
      submissionId: swapped,
      overrides: [{ criterionId: 'left', awarded: 1 }],
      reason: 'x',
    };
    await send(api, school.teacher, operations.reviewSubmission, { input: review });
    const activityVersion = await publish(weighty);
    expect(await scoresOf(right)).toEqual([['automatic', 2, 2]]);

    const rows = async () => query(api.database.ownerUrl, 'SELECT id FROM scores');
    const before = await rows();
    const seen = await preview({ assignmentId, activityVersion });
    expect(seen).toMatchObject({ works: 2, kept: 1, tried: 2, affected: 1, higher: 1, lower: 0, ungraded: 0 });
    expect(seen.changes).toMatchObject([
      { submissionId: left, before: 1, maximumBefore: 2, after: 3, maximumAfter: 4, change: 0.25 },
    ]);
    expect(seen.meanChange).toBeCloseTo(0.125, 12);
    expect(await preview({ assignmentId, activityVersion, includeReviewed: true })).toMatchObject({
      works: 3,
      kept: 0,
      affected: 2,
      lower: 1,
    });
    expect(await rows()).toHaveLength(before.length);

    const input = { id: newId(), assignmentId, activityVersion };
    expect(await regrade(input)).toMatchObject({ __typename: 'Regrade', toVersion: activityVersion, works: 2 });
    await settled(api, [right, left, swapped]);
    expect(await scoresOf(right, learner)).toEqual([
      ['automatic', 2, 2],
      ['automatic', 4, 4],
    ]);
    expect((await scoresOf(left)).at(-1)).toEqual(['automatic', 3, 4]);
    expect((await scoresOf(swapped)).at(-1)).toEqual(['review', 1, 2]);
    const versions = await query<{ activity_version: number }>(
      api.database.ownerUrl,
      'SELECT activity_version FROM scores WHERE submission_id = $1 ORDER BY sequence',
      [right],
    );
    expect(versions.at(-1)!.activity_version).toBe(activityVersion);

    // The same again is the same decision; an id names one decision for ever.
    expect(await regrade(input)).toMatchObject({ works: 2 });
    expect(await regrade({ ...input, includeReviewed: true })).toMatchObject({ code: 'ID_REUSED' });
    expect(await scoresOf(right)).toHaveLength(2);
    expect(await preview({ assignmentId, activityVersion })).toMatchObject({ affected: 0, meanChange: 0 });
    const audits = await query(
      api.database.ownerUrl,
      `SELECT details FROM audit_events WHERE action = 'assignment.regraded' AND object_id = $1`,
      [assignmentId],
    );
    expect(audits).toMatchObject([{ details: { regradeId: input.id, works: 2, toVersion: activityVersion } }]);
  });

  it('grades settled work anew where the teacher says so, and has work that counts await her again', async () => {
    const assignmentId = await setAssignment(api.url, school, { stakes: 'graded' });
    const work = await handIn(assignmentId, rightMarks);
    await send(api, school.teacher, operations.reviewSubmission, {
      input: { id: newId(), submissionId: work, overrides: [{ criterionId: 'left', awarded: 0 }], reason: 'Hm.' },
    });
    const { activityVersion } = (await send(api, school.teacher, operations.assignment, { id: assignmentId })) as {
      activityVersion: number;
    };
    await regrade({ id: newId(), assignmentId, activityVersion, includeReviewed: true });
    await settled(api, [work]);
    const seen = await see(work);
    expect(seen).toMatchObject({ state: 'needs-review' });
    expect(seen.scores.map(({ source }) => source)).toEqual(['automatic', 'review', 'automatic']);
    expect(await see(work, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [{ source: 'review' }] });
  });

  it('catches up with works that come in and are graded at the same time', async () => {
    const assignmentId = await setAssignment(api.url, school);
    const activityVersion = await publish(aSpecification);
    const other = structuredClone(aSpecification);
    other.parts[1]!.points = 5;
    const next = await publish(other);
    expect(next).toBeGreaterThan(activityVersion);
    const works: string[] = [];
    const handingIn = Array.from({ length: 12 }, async () => works.push(await handIn(assignmentId, rightMarks)));
    await handingIn[0];
    await regrade({ id: newId(), assignmentId, activityVersion: next });
    await Promise.all(handingIn);
    await settled(api, works);
    const last = await query<{ activity_version: number; maximum: number }>(
      api.database.ownerUrl,
      `SELECT DISTINCT ON (submission_id) activity_version, maximum FROM scores WHERE submission_id = ANY($1::uuid[])
       ORDER BY submission_id, sequence DESC`,
      [works],
    );
    expect(last).toEqual(Array(12).fill({ activity_version: next, maximum: 6 }));
  });

  it('refuses versions that never were, and those that ask for something else', async () => {
    const assignmentId = await setAssignment(api.url, school);
    const photo = {
      kind: 'classify',
      version: 1,
      model: 'Shapes',
      expected: 'square',
      points: 1,
      skill: 'shapes',
      hints: { orient: 'a', point: 'b', show: 'c' },
    };
    const other = await publish(photo, { kind: 'picture' });
    for (const activityVersion of [999, other]) {
      const refused = await regrade({ id: newId(), assignmentId, activityVersion });
      expect(refused).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: 'activityVersion' }] });
      await expect(preview({ assignmentId, activityVersion })).rejects.toThrow('INVALID_INPUT');
    }
  });

  it('is for the teachers of the course', async () => {
    const assignmentId = await setAssignment(api.url, school);
    const input = { id: newId(), assignmentId, activityVersion: 1 };
    const stranger = (await foundSchool(api.app, 'not-regrading-school')).teacher;
    expect(await regrade(input, learner)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await regrade(input, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    const { id: _, ...scope } = input;
    await expect(preview(scope, learner)).rejects.toThrow('FORBIDDEN');
    await expect(preview(scope, stranger)).rejects.toThrow('NOT_FOUND');
  });
});
