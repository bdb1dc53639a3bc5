import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { ModelDesk } from '../support/models.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { drawShapes } from '../support/shapes.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';
import { createAssignment, outcome, upload } from '../support/work.js';

const skills = `query ($id: UUID!) { course(id: $id) { skills { id name } } }`;
const createActivity = `mutation ($input: CreateActivityInput!) { createActivity(input: $input) { __typename
  ... on Activity { id } ... on Refusal { code message } } }`;
const submitWork = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { __typename
  ... on Refusal { code message } } }`;
const submission = `query ($id: UUID!) { submission(id: $id) { state scores { total maximum modelId } judgements { modelId } } }`;
const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on Refusal { code message } } }`;

/** The whole way: labelled images, a head trained here, its verification, its promotion, a student's work, and back. */
describe('from labelled images to a graded work', () => {
  let data: string;
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let desk: ModelDesk;
  let learners: Person[];

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-loop-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: data });
    worker = await startTestWorker(api.database, { ATTUNE_DATA_DIR: data });
    school = await foundSchool(api.app, 'loop-school');
    desk = new ModelDesk(api, school, data);
    learners = [await school.join('student', 'learner'), await school.join('student', 'learner')];
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await rm(data, { recursive: true, force: true });
  });

  const call = async (document: string, variables: object, { token } = school.teacher) =>
    (await graphql(api.url, document, { token, variables: { ...variables } })).data!;

  /** Trains a head on a dataset, and gives its verified model. */
  const train = async (datasetId: string, seed: number): Promise<string> => {
    const input = {
      id: newId(),
      courseId: school.courseId,
      datasetId,
      name: 'Shapes',
      engine: 'node',
      backbone: 'classical',
      numbers: { seed },
    };
    const { startTrainingRun } = await call(operations.startTrainingRun.document, { input });
    expect(startTrainingRun).toMatchObject({ __typename: 'StartedRun', runCode: null });
    const read = async () => (await call(operations.trainingRun.document, { id: input.id }))['trainingRun'];
    await until(async () => ['done', 'failed'].includes((await read()).state));
    const run = await read();
    expect(run, run.failure).toMatchObject({ state: 'done', failure: null });
    expect(new Set(run.progress.map(({ phase }: { phase: string }) => phase))).toEqual(
      new Set(['preparing', 'evaluating', 'exporting']),
    );
    const model = await desk.settled(run.modelId);
    expect(model, JSON.stringify(model.refusal)).toMatchObject({ state: 'verified', runId: input.id });
    expect(await desk.move(model.id, 'candidate')).toMatchObject({ state: 'candidate' });
    return model.id;
  };

  it('goes through training, verification, promotion, grading, comparison and back', async () => {
    const first = await train(await importShapes(api, school, data), 1);
    expect((await desk.read(first)).gate!.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(await desk.move(first, 'active')).toMatchObject({ state: 'active' });

    const found = (await call(skills, { id: school.courseId }))['course'].skills;
    const skillId = found.find(({ name }: { name: string }) => name === 'Shapes').id;
    const specification = {
      kind: 'classify',
      version: 1,
      model: 'Shapes',
      expected: 'circle',
      points: 2,
      skill: 'shapes',
      hints: { orient: 'Look at its corners.', point: 'Has it any?', show: 'A circle has none.' },
    };
    const content = {
      title: 'A circle',
      body: 'Draw it.',
      form: { kind: 'picture' },
      key: { kind: 'picture', specification },
    };
    const activity = {
      id: newId(),
      courseId: school.courseId,
      kind: 'visual-assignment',
      modality: 'drawing',
      language: 'en',
      difficulty: 0,
      minutes: 5,
      skillIds: [skillId],
      content,
    };
    expect((await call(createActivity, { input: activity }))['createActivity'].__typename).toBe('Activity');
    const assignment = {
      id: newId(),
      courseId: school.courseId,
      activityId: activity.id,
      title: 'A circle',
      stakes: 'practice',
    };
    expect((await call(createAssignment, { input: assignment }))['createAssignment'].__typename).toBe('Assignment');

    const see = async (id: string) => (await call(submission, { id }))['submission'];
    const graded = async (picture: Uint8Array, learner: Person) => {
      const { id: fileId } = await upload(api.url, learner.token, picture, { type: 'image/jpeg' });
      const input = { id: newId(), assignmentId: assignment.id, marks: [], fileId, at: new Date().toISOString() };
      const answer = await graphql(api.url, submitWork, { token: learner.token, variables: { input } });
      outcome(answer, 'submitWork', 'SubmittedWork');
      await until(async () => (await see(input.id)).state !== 'queued');
      return { id: input.id, ...(await see(input.id)) };
    };
    const works = (await drawShapes(26)).slice(36);
    const right = works.filter(({ label }) => label === 'circle');
    const one = await graded(right[0]!.picture, learners[0]!);
    expect(one).toMatchObject({ scores: [{ total: 2, maximum: 2, modelId: first }] });
    const wrong = await graded(works.find(({ label }) => label === 'triangle')!.picture, learners[1]!);
    expect(wrong).toMatchObject({ scores: [{ total: 0, modelId: first }] });

    // A second one, from more images, is compared in shadow until it may take over; then the first comes back.
    const second = await train(await importShapes(api, school, data, { sources: 16 }), 2);
    expect(await desk.move(second, 'shadow')).toMatchObject({ state: 'shadow' });
    for (const [index, { picture, label }] of works.slice(0, 30).entries()) {
      const work = await graded(picture, learners[index % 2]!);
      expect(work.judgements).toHaveLength(2);
      const awarded = label === 'circle' ? 2 : 0;
      const overrides = work.scores[0]?.total === awarded ? [] : [{ criterionId: 'class', awarded }];
      const input = {
        id: newId(),
        submissionId: work.id,
        overrides,
        reason: overrides.length > 0 ? 'I see it.' : null,
      };
      expect((await call(review, { input }))['reviewSubmission'].__typename).toBe('ReviewedSubmission');
    }
    expect(await desk.move(second, 'active')).toMatchObject({ state: 'active' });
    expect((await graded(right[1]!.picture, learners[0]!)).scores[0].modelId).toBe(second);
    expect(await desk.rollBack('Shapes')).toMatchObject({ id: first, state: 'active' });
    expect((await graded(right[2]!.picture, learners[1]!)).scores[0].modelId).toBe(first);
  }, 180_000);

  it('ends where somebody cancels it', async () => {
    const datasetId = await importShapes(api, school, data, { sources: 20 });
    const input = {
      id: newId(),
      courseId: school.courseId,
      datasetId,
      name: 'Never',
      engine: 'node',
      backbone: 'classical',
    };
    await call(operations.startTrainingRun.document, { input });
    const read = async () => (await call(operations.trainingRun.document, { id: input.id }))['trainingRun'];
    await until(async () => (await read()).progress.length > 0);
    await call(operations.cancelTrainingRun.document, { id: input.id });
    await until(async () => (await read()).state === 'cancelled');
    expect(await read()).toMatchObject({ modelId: null });
  }, 60_000);
});
