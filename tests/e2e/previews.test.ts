import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type PreviewedGrade } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { graphql, newId, startTestApi, type GraphqlAnswer, type TestApi } from '../support/api.js';
import { aSpecification } from '../support/course.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { storedIn } from '../support/stored.js';
import { until } from '../support/until.js';
import { handInSettled, markAt, rightMarks, setAssignment, swappedMarks } from '../support/work.js';
import { startTestWorker } from '../support/worker.js';

describe('trying a specification before it is published', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let assignmentId: string;

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'trying-school');
    learner = await school.join('student', 'learner');
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const preview = (specification: unknown, works: object[], by: Person = school.teacher): Promise<GraphqlAnswer> =>
    graphql(api.url, operations.previewGrade.document, {
      token: by.token,
      variables: { input: { courseId: school.courseId, specification, works } },
    });
  const tried = async (...asked: Parameters<typeof preview>): Promise<readonly PreviewedGrade[]> => {
    const { data, errors } = await preview(...asked);
    expect(errors, JSON.stringify(errors)).toBeUndefined();
    return data!['previewGrade'] as readonly PreviewedGrade[];
  };

  /** But for the job that graded the work, which may end a moment after it. */
  const storedRows = async () =>
    Object.entries(await storedIn(api.database.ownerUrl)).filter(([name]) => name.startsWith('public.'));

  it('grades marks and submissions by it, in order, and stores nothing', async () => {
    const submissionId = await handInSettled(api, learner, assignmentId, swappedMarks);
    // What the work tells of skills is stored by a job of its own.
    const learnt = 'SELECT 1 FROM responses WHERE submission_id = $1';
    await until(async () => (await query(api.database.ownerUrl, learnt, [submissionId])).length > 0);
    const before = await storedRows();
    const works = [{ marks: rightMarks }, { submissionId }, { marks: [] }];
    const now = await tried(aSpecification, works);
    expect(now).toMatchObject([
      { submissionId: null, total: 2, maximum: 2, flags: [], failure: null },
      { submissionId, total: 0, criteria: [{ criterionId: 'left', error: 'swapped' }, { error: 'swapped' }] },
      { total: 0, flags: ['blank'] },
    ]);
    const weighty = structuredClone(aSpecification);
    weighty.parts[0]!.points = 3;
    expect(await tried(weighty, works)).toMatchObject([{ total: 4, maximum: 4 }, { maximum: 4 }, { maximum: 4 }]);
    expect(await storedRows()).toEqual(before);
  });

  it('says precisely what is wrong with a specification, and with the works', async () => {
    const issuesOf = async (...asked: Parameters<typeof preview>) =>
      ((await preview(...asked)).errors![0]!.extensions as unknown as { issues: { path: string }[] }).issues.map(
        ({ path }) => path,
      );
    const broken = structuredClone(aSpecification);
    broken.parts[1]!.points = -1;
    expect(await issuesOf(broken, [{ marks: [] }])).toEqual(['specification.parts.1.points']);
    expect(await issuesOf({ kind: 'astrology' }, [{ marks: [] }])).toEqual(['specification.kind']);
    expect(await issuesOf('x', [{ marks: [] }])).toEqual(['specification']);
    const far = { ...markAt('left'), shape: { kind: 'point', x: 900, y: 900 } };
    expect(await issuesOf(aSpecification, [{ marks: rightMarks }, { marks: [far] }])).toEqual([
      'works.1.marks.0.shape',
    ]);
    expect(await issuesOf(aSpecification, [{}])).toEqual(['works.0']);
    expect(await issuesOf(aSpecification, [{ marks: [], submissionId: newId() }])).toEqual(['works.0']);
    expect(await issuesOf(aSpecification, [])).toEqual(['works']);
    expect(await issuesOf(aSpecification, Array(6).fill({ marks: [] }))).toEqual(['works']);
  });

  it('is for the teachers of the course, on works of the course', async () => {
    const refused = async (...asked: Parameters<typeof preview>) =>
      (await preview(...asked)).errors?.[0]?.extensions.code;
    expect(await refused(aSpecification, [{ marks: [] }], learner)).toBe('FORBIDDEN');
    const other = await foundSchool(api.app, 'not-trying-school');
    expect(await refused(aSpecification, [{ marks: [] }], other.teacher)).toBe('NOT_FOUND');
    expect(await refused(aSpecification, [{ submissionId: newId() }])).toBe('NOT_FOUND');
  });

  it('tells where no program could grade a work', async () => {
    const classify = {
      kind: 'classify',
      version: 1,
      model: 'Nowhere',
      expected: 'circle',
      points: 1,
      skill: 'shapes',
      hints: { orient: 'a', point: 'b', show: 'c' },
    };
    expect(await tried(classify, [{ marks: [] }])).toMatchObject([
      { total: null, maximum: null, criteria: [], failure: 'file-missing' },
    ]);
  });
});
