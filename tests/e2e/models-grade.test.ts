import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, mustAsk, newId } from '../support/api.js';
import { heard } from '../support/heard.js';
import { examplePicture, judge } from '../support/model-package.js';
import { ModelSchool } from '../support/model-school.js';
import type { ModelDesk } from '../support/models.js';
import type { Person, School } from '../support/school.js';

/** The seed of a model whose answers the test knows, and a picture of which it is sure. */
const seed = 'grader';
const sure = 'p2';

describe('a model that grades', () => {
  let place: ModelSchool;
  let school: School;
  let learner: Person;
  let desk: ModelDesk;

  beforeAll(async () => {
    place = await ModelSchool.open('model-grading-school');
    ({ school, learner, desk } = place);
  }, 60_000);
  afterAll(() => place?.close());

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
  const graded = async (assignmentId: string, picture: string, person = learner) =>
    place.graded(assignmentId, await examplePicture(picture), { person });

  it('scores what it is sure of, with the picture as evidence and the words of the teacher', async () => {
    const name = 'Sure';
    const model = await desk.moved({ name, seed }, 'candidate', 'active');
    const said = await judge(seed, await examplePicture(sure));
    expect(said).toMatchObject({ label: 'square', probability: expect.closeTo(0.83, 1) });

    const right = await graded((await place.assign(aSpecification(name, 'square'))).id, sure);
    expect(right).toMatchObject({
      state: 'graded',
      failure: null,
      scores: [{ source: 'automatic', grader: 'classify', modelId: model.id, total: 4, maximum: 4 }],
    });
    expect(right.scores[0].confidence).toBeCloseTo(said.probability, 4);
    expect(right.scores[0].criteria).toMatchObject([{ error: null, hint: null, regions: [] }]);

    const id = (await place.assign(aSpecification(name, 'circle'))).id;
    const socket = await place.connect('/learn', learner);
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
    expect((await place.readSubmission(wrong.id, learner)).judgements).toEqual([]);
    const hint = { id: newId(), submissionId: wrong.id, criterionId: 'class', at: Date.now() };
    expect(await mustAsk(socket, '/learn', 'work.hint', hint)).toMatchObject({
      step: 1,
      text: 'This looks like something else. Look at its corners.',
    });
  });

  it('leaves to the teacher what it does not know, and what counts where it learnt from a program', async () => {
    const manifest = (made: object): unknown => ({ ...made, abstainBelow: 0.99 });
    await desk.moved({ name: 'Unsure', seed: 'unsure', manifest }, 'candidate', 'active');
    const unsure = await graded((await place.assign(aSpecification('Unsure', 'square'))).id, sure);
    expect(unsure).toMatchObject({ state: 'needs-review', failure: 'model-unsure', scores: [] });
    expect(unsure.judgements).toMatchObject([{ label: expect.any(String), awarded: null }]);
    expect(await place.readSubmission(unsure.id, learner)).toMatchObject({
      state: 'needs-review',
      failure: null,
      scores: [],
    });
    // The teacher begins where nothing was found.
    const overrides = [{ criterionId: 'class', awarded: 3 }];
    expect(await place.review(unsure.id, overrides, 'It is one, badly lit.')).toMatchObject({
      score: { total: 3, grader: 'teacher', modelId: null },
      submission: { state: 'reviewed' },
    });

    await desk.moved({ name: 'Made up', seed: 'made up' }, 'candidate', 'active');
    const counts = await graded(
      (await place.assign(aSpecification('Made up', 'square'), { stakes: 'graded' })).id,
      sure,
    );
    expect(counts).toMatchObject({ state: 'needs-review', failure: 'model-unfit', scores: [] });
    expect(await place.readSubmission(counts.id, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });

    const nobody = await graded((await place.assign(aSpecification('Nobody', 'square'))).id, sure);
    expect(nobody).toMatchObject({ state: 'needs-review', failure: 'no-model', scores: [], judgements: [] });
  });

  it('is compared in shadow on live work, replaced when it is no worse, and comes back', async () => {
    const name = 'Compared';
    const first = await desk.moved({ name, seed: 'compared 1' }, 'candidate', 'active');
    const second = await desk.moved({ name, seed: 'compared 2' }, 'candidate', 'shadow');
    const assignment = (await place.assign(aSpecification(name, 'square'))).id;
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
      await place.review(work.id, overrides, 'I see it so.');
    }
    expect(await desk.move(second.id, 'active')).toMatchObject({ state: 'active' });
    expect((await graded(assignment, 'after')).scores[0].modelId).toBe(second.id);
    expect(await desk.rollBack(name)).toMatchObject({ id: first.id });
    expect((await graded(assignment, 'after that')).scores[0].modelId).toBe(first.id);
  }, 120_000);

  it('that has lost its file fails alone, and a teacher has the work', async () => {
    const model = await desk.moved({ name: 'Lost', seed: 'lost' }, 'candidate', 'active');
    const assignment = (await place.assign(aSpecification('Lost', 'square'))).id;
    const file = join(place.data, 'packages', school.institutionId, `${model.sha256}.zip`);
    await rm(file);
    expect(await graded(assignment, sure)).toMatchObject({ state: 'failed', failure: 'model-failed', scores: [] });
    const name = 'Still there';
    await desk.moved({ name, seed: 'still there' }, 'candidate', 'active');
    expect((await graded((await place.assign(aSpecification(name, 'square'))).id, sure)).scores).toHaveLength(1);
  });

  it('is named by a specification that says precisely what is wrong with it', async () => {
    const issuesOf = async (specification: object, form?: { kind: string }): Promise<string[]> => {
      const { issues } = await place.createActivity(specification, form);
      return issues.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`);
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
    expect(await place.assign({ ...good, expected: 'hexagon' })).toMatchObject({
      __typename: 'InvalidInput',
      message: expect.stringContaining('circle, square, triangle'),
    });
    const { id: assignmentId } = await place.assign(good);
    const socket = await place.connect('/learn', learner);
    const empty = { id: newId(), assignmentId, marks: [], at: Date.now() };
    expect(await ask(socket, '/learn', 'work.submit', empty)).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'fileIds' }],
    });
  });
});
