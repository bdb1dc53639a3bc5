import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '#libs/platform';
import { ask, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { examplePicture, judge } from '../support/model-package.js';
import { ModelDesk } from '../support/models.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';
import { createAssignment, outcome, upload } from '../support/work.js';

const submission = `query ($id: UUID!) { submission(id: $id) { state failure picture
  judgements { modelId criterionId label probability awarded }
  scores { source total maximum confidence grader modelId
    criteria { criterionId label awarded points error regions hint { key parameters } } } } }`;

const createActivity = `mutation ($input: CreateActivityInput!) { createActivity(input: $input) { __typename
  ... on Activity { id } ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

const submitWork = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { __typename
  ... on Refusal { code message } } }`;

const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on ReviewedSubmission { score { total grader modelId } submission { state } }
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

const skills = `query ($id: UUID!) { course(id: $id) { skills { id name } } }`;

/** The seed of a model whose answers the test knows, and a picture of which it is sure. */
const seed = 'grader';
const sure = 'p2';

describe('a model that grades', () => {
  let data: string;
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let desk: ModelDesk;
  let shapes: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-models-grade-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: data });
    worker = await startTestWorker(api.database, { ATTUNE_DATA_DIR: data });
    school = await foundSchool(api.app, 'model-grading-school');
    learner = await school.join('student', 'learner');
    desk = new ModelDesk(api, school, data);
    const answer = await graphql(api.url, skills, { token: school.teacher.token, variables: { id: school.courseId } });
    shapes = answer.data!['course'].skills.find(({ name }: { name: string }) => name === 'Shapes').id;
  }, 60_000);
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await rm(data, { recursive: true, force: true });
  });

  const aSpecification = (model: string, expected: string, more: object = {}) => ({
    kind: 'classify',
    version: 1,
    model,
    expected,
    points: 4,
    skill: 'shapes',
    hints: { orient: 'Look at its corners.', point: 'How many are there?', show: 'It has none.' },
    others: [{ label: 'square', share: 0.25, message: 'A square has four corners.' }].filter(
      ({ label }) => label !== expected,
    ),
    ...more,
  });
  const create = (specification: object, form: object = { kind: 'picture' }, id = newId()) =>
    graphql(api.url, createActivity, {
      token: school.teacher.token,
      variables: {
        input: {
          id,
          courseId: school.courseId,
          kind: 'visual-assignment',
          modality: 'drawing',
          language: 'en',
          difficulty: 0,
          minutes: 5,
          skillIds: [shapes],
          content: { title: 'Draw a shape', body: 'Draw it.', form, key: { kind: 'picture', specification } },
        },
      },
    });
  /** Sets work that a model grades, and gives the id of the assignment. */
  const assign = async (specification: object, stakes = 'practice') => {
    const activity = outcome(await create(specification), 'createActivity', 'Activity');
    const input = { id: newId(), courseId: school.courseId, activityId: activity['id'], title: 'Draw', stakes };
    const answer = await graphql(api.url, createAssignment, { token: school.teacher.token, variables: { input } });
    return answer.data!['createAssignment'];
  };
  const handIn = async (assignmentId: string, picture: string, { token } = learner): Promise<string> => {
    const file = await upload(api.url, token, await examplePicture(picture));
    const input = { id: newId(), assignmentId, marks: [], fileId: file.id, at: new Date().toISOString() };
    outcome(await graphql(api.url, submitWork, { token, variables: { input } }), 'submitWork', 'SubmittedWork');
    return input.id;
  };
  const see = async (id: string, person = school.teacher) =>
    (await graphql(api.url, submission, { token: person.token, variables: { id } })).data!['submission'];
  const graded = async (assignmentId: string, picture: string, person = learner) => {
    const id = await handIn(assignmentId, picture, person);
    await until(async () => (await see(id)).state !== 'queued');
    return { id, ...(await see(id)) };
  };

  it('scores what it is sure of, with the picture as evidence and the words of the teacher', async () => {
    const name = 'Sure';
    const model = await desk.moved({ name, seed }, 'candidate', 'active');
    const said = await judge(seed, await examplePicture(sure));
    expect(said).toMatchObject({ label: 'square', probability: expect.closeTo(0.83, 1) });

    const right = await graded((await assign(aSpecification(name, 'square'))).id, sure);
    expect(right).toMatchObject({
      state: 'graded',
      failure: null,
      scores: [{ source: 'automatic', grader: 'classify', modelId: model.id, total: 4, maximum: 4 }],
    });
    expect(right.scores[0].confidence).toBeCloseTo(said.probability, 4);
    expect(right.scores[0].criteria).toMatchObject([{ error: null, hint: null, regions: [] }]);

    const id = (await assign(aSpecification(name, 'circle'))).id;
    const socket = await connect(api.url, '/learn', learner.token);
    sockets.push(socket);
    const told = heard(socket);
    const wrong = await graded(id, sure);
    expect(await told.next('score.settled')).toMatchObject({ submissionId: wrong.id, total: 1, maximum: 4 });
    expect(wrong.scores[0].criteria).toEqual([
      {
        criterionId: 'class',
        label: 'circle',
        points: 4,
        awarded: 1,
        error: 'wrong-class',
        regions: [
          [
            [0, 0],
            [48, 0],
            [48, 40],
            [0, 40],
          ],
        ],
        hint: { key: 'wrong-class', parameters: { seen: 'square', message: 'A square has four corners.' } },
      },
    ]);
    expect(wrong.judgements).toMatchObject([{ modelId: model.id, criterionId: 'class', label: 'square', awarded: 1 }]);
    expect((await see(wrong.id, learner)).judgements).toEqual([]);
    const hint = { id: newId(), submissionId: wrong.id, criterionId: 'class', at: Date.now() };
    expect(await mustAsk(socket, '/learn', 'work.hint', hint)).toMatchObject({ step: 1, text: 'Look at its corners.' });
  });

  it('leaves to the teacher what it does not know, and what counts where it learnt from a program', async () => {
    const manifest = (made: object): unknown => ({ ...made, abstainBelow: 0.99 });
    await desk.moved({ name: 'Unsure', seed: 'unsure', manifest }, 'candidate', 'active');
    const unsure = await graded((await assign(aSpecification('Unsure', 'square'))).id, sure);
    expect(unsure).toMatchObject({ state: 'needs-review', failure: 'model-unsure', scores: [] });
    expect(unsure.judgements).toMatchObject([{ label: expect.any(String), awarded: null }]);
    expect(await see(unsure.id, learner)).toMatchObject({ state: 'needs-review', failure: null, scores: [] });
    // The teacher begins where nothing was found.
    const overrides = [{ criterionId: 'class', awarded: 3 }];
    const input = { id: newId(), submissionId: unsure.id, overrides, reason: 'It is one, badly lit.' };
    const answer = await graphql(api.url, review, { token: school.teacher.token, variables: { input } });
    expect(outcome(answer, 'reviewSubmission', 'ReviewedSubmission')).toMatchObject({
      score: { total: 3, grader: 'teacher', modelId: null },
      submission: { state: 'reviewed' },
    });

    await desk.moved({ name: 'Made up', seed: 'made up' }, 'candidate', 'active');
    const counts = await graded((await assign(aSpecification('Made up', 'square'), 'graded')).id, sure);
    expect(counts).toMatchObject({ state: 'needs-review', failure: 'model-unfit', scores: [] });
    expect(await see(counts.id, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });

    const nobody = await graded((await assign(aSpecification('Nobody', 'square'))).id, sure);
    expect(nobody).toMatchObject({ state: 'needs-review', failure: 'no-model', scores: [], judgements: [] });
  });

  it('is compared in shadow on live work, replaced when it is no worse, and comes back', async () => {
    const name = 'Compared';
    const first = await desk.moved({ name, seed: 'compared 1' }, 'candidate', 'active');
    const second = await desk.moved({ name, seed: 'compared 2' }, 'candidate', 'shadow');
    const assignment = (await assign(aSpecification(name, 'square'))).id;
    // As many as the gate asks for, by two, because uploads are limited for each.
    const pair = [await school.join('student', 'learner'), await school.join('student', 'learner')];
    for (let i = 0; i < 30; i++) {
      const work = await graded(assignment, `compared ${i}`, pair[i % 2]);
      expect(work.judgements.map(({ modelId }: { modelId: string }) => modelId).sort()).toEqual(
        [first.id, second.id].sort(),
      );
      expect(work.scores[0].modelId).toBe(first.id);
      // The teacher says what the model in shadow said.
      const { awarded } = work.judgements.find(({ modelId }: { modelId: string }) => modelId === second.id);
      const overrides = [{ criterionId: 'class', awarded }];
      const input = { id: newId(), submissionId: work.id, overrides, reason: 'I see it so.' };
      const answer = await graphql(api.url, review, { token: school.teacher.token, variables: { input } });
      outcome(answer, 'reviewSubmission', 'ReviewedSubmission');
    }
    expect(await desk.move(second.id, 'active')).toMatchObject({ state: 'active' });
    expect((await graded(assignment, 'after')).scores[0].modelId).toBe(second.id);
    expect(await desk.rollBack(name)).toMatchObject({ id: first.id });
    expect((await graded(assignment, 'after that')).scores[0].modelId).toBe(first.id);
  }, 120_000);

  it('that has lost its file fails alone, and a teacher has the work', async () => {
    const model = await desk.moved({ name: 'Lost', seed: 'lost' }, 'candidate', 'active');
    const assignment = (await assign(aSpecification('Lost', 'square'))).id;
    const file = join(data, 'packages', school.institutionId, `${model.sha256}.zip`);
    await rm(file);
    expect(await graded(assignment, sure)).toMatchObject({ state: 'failed', failure: 'model-failed', scores: [] });
    const name = 'Still there';
    await desk.moved({ name, seed: 'still there' }, 'candidate', 'active');
    expect((await graded((await assign(aSpecification(name, 'square'))).id, sure)).scores).toHaveLength(1);
  });

  it('is named by a specification that says precisely what is wrong with it', async () => {
    const issuesOf = async (specification: object, form?: object): Promise<string[]> => {
      const answer = (await create(specification, form)).data!['createActivity'];
      return answer.issues.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`);
    };
    const good = aSpecification('Named', 'circle');
    expect(await issuesOf({ ...good, kind: 'guess' })).toEqual([expect.stringMatching(/specification\.kind: /)]);
    expect(await issuesOf({ ...good, points: 0 })).toEqual([expect.stringMatching(/specification\.points: /)]);
    expect(await issuesOf({ ...good, expected: 'square', others: [{ label: 'square', message: 'No.' }] })).toEqual([
      'content.key.specification.others.0.label: is the label that is asked for',
    ]);
    expect(await issuesOf({ ...good, kind: 'labelled-parts' })).toEqual([
      'content.key.specification.kind: Work of the kind "labelled-parts" is answered by the form "marks".',
    ]);
    await desk.moved({ name: 'Named', seed: 'named' }, 'candidate', 'active');
    expect(await assign({ ...good, expected: 'hexagon' })).toMatchObject({
      __typename: 'InvalidInput',
      message: expect.stringContaining('circle, square, triangle'),
    });
    const { id: assignmentId } = await assign(good);
    const socket = await connect(api.url, '/learn', learner.token);
    sockets.push(socket);
    const empty = { id: newId(), assignmentId, marks: [], at: Date.now() };
    expect(await ask(socket, '/learn', 'work.submit', empty)).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'fileId' }],
    });
  });
});
