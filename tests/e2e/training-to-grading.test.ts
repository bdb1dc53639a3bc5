import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { newId } from '../support/api.js';
import { examplePicture } from '../support/model-package.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import type { ModelDesk } from '../support/models.js';
import type { Person } from '../support/school.js';
import { drawShapes } from '../support/shapes.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';

/** The whole way: labelled images, a head trained here, its verification, its promotion, a student's work, and back. */
describe('from labelled images to a graded work', () => {
  let place: ModelSchool;
  let desk: ModelDesk;
  let learners: Person[];

  beforeAll(async () => {
    place = await ModelSchool.open('loop-school');
    ({ desk } = place);
    learners = [place.learner, await place.school.join('student', 'learner')];
  }, 60_000);
  afterAll(() => place?.close());

  const aDataset = (sources?: number) => importShapes(place.api, place.school, place.data, { sources });

  /** Trains a head on a dataset, and gives its verified model. */
  const train = async (datasetId: string, seed: number): Promise<string> => {
    const id = newId();
    const run = { id, datasetId, name: 'Shapes', engine: 'node', backbone: 'classical', numbers: { seed } };
    expect(await place.startRun(run)).toMatchObject({ runCode: null });
    await until(async () => ['done', 'failed'].includes((await place.readRun(id)).state));
    const ended = await place.readRun(id);
    expect(ended, ended.failure).toMatchObject({ state: 'done', failure: null });
    expect(new Set(ended.progress.map(({ phase }: { phase: string }) => phase))).toEqual(
      new Set(['preparing', 'evaluating', 'exporting']),
    );
    const model = await desk.settled(ended.modelId);
    expect(model, JSON.stringify(model.refusal)).toMatchObject({ state: 'verified', runId: id });
    expect(await desk.move(model.id, 'candidate')).toMatchObject({ state: 'candidate' });
    return model.id;
  };

  it('goes through training, verification, promotion, grading, comparison and back', async () => {
    const first = await train(await aDataset(), 1);
    expect((await desk.read(first)).gate!.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(await desk.move(first, 'active')).toMatchObject({ state: 'active' });
    const { mistakes, verified } = await place.readMistakes(first);
    const confused = verified.mostConfused.reduce((sum: number, { examples }: Told) => sum + examples, 0);
    expect(mistakes).toHaveLength(confused);
    for (const { picture } of mistakes) expect(picture).toMatch(/^\/training\/images\/[0-9a-f-]+$/);

    const specification = {
      kind: 'classify',
      version: 1,
      model: 'Shapes',
      expected: 'circle',
      points: 2,
      skill: 'shapes',
      hints: { orient: 'Look at its corners.', point: 'Has it any?', show: 'A circle has none.' },
    };
    const assignment = await place.assign(specification);
    expect(assignment.__typename).toBe('Assignment');

    const graded = (picture: Uint8Array, person: Person) =>
      place.graded(assignment.id, picture, { person, type: 'image/jpeg' });
    const works = (await drawShapes(26)).slice(36);
    const right = works.filter(({ label }) => label === 'circle');
    const one = await graded(right[0]!.picture, learners[0]!);
    expect(one).toMatchObject({ scores: [{ total: 2, maximum: 2, modelId: first }] });
    const wrong = await graded(works.find(({ label }) => label === 'triangle')!.picture, learners[1]!);
    expect(wrong).toMatchObject({ scores: [{ total: 0, modelId: first }] });

    const other = await place.graded(assignment.id, await examplePicture('p1'), { person: learners[0]! });
    expect(other).toMatchObject({
      state: 'needs-review',
      scores: [{ total: 0, flags: ['off-topic'], modelId: first }],
    });

    // A second one, from more images, is compared in shadow until it may take over; then the first comes back.
    const second = await train(await aDataset(16), 2);
    expect(await desk.move(second, 'shadow')).toMatchObject({ state: 'shadow' });
    await place.settle(assignment.id, works.slice(0, 30), { expected: 'circle', learners });
    expect(await desk.move(second, 'active')).toMatchObject({ state: 'active' });
    expect((await graded(right[1]!.picture, learners[0]!)).scores[0].modelId).toBe(second);
    expect(await desk.rollBack('Shapes')).toMatchObject({ id: first, state: 'active' });
    expect((await graded(right[2]!.picture, learners[1]!)).scores[0].modelId).toBe(first);
  }, 180_000);

  it('ends where somebody cancels it', async () => {
    const datasetId = await aDataset(20);
    const id = newId();
    await place.startRun({ id, datasetId, name: 'Never', engine: 'node', backbone: 'classical' });
    await until(async () => (await place.readRun(id)).progress.length > 0);
    await place.call(place.school.teacher, operations.cancelTrainingRun, { id });
    await until(async () => (await place.readRun(id)).state === 'cancelled');
    expect(await place.readRun(id)).toMatchObject({ modelId: null });
  }, 60_000);
});
