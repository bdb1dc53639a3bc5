import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { gradeLabelledParts } from '#libs/grading';
import { seededRng } from '#libs/kernel';
import { drawSheet } from '../../bench/support/sheets/draw-sheet.js';
import { makeWork, marksOf, type MadeWork } from '../../bench/support/sheets/made-work.js';
import { photograph } from '../../bench/support/sheets/photograph.js';
import { readPlantCell, type PlantCell } from '../../bench/support/sheets/plant-cell.js';
import type { Spot } from '../../bench/support/sheets/stroke-alphabet.js';
import { newId } from '../support/api.js';
import { heard } from '../support/heard.js';
import { ModelSchool, type Told } from '../support/model-school.js';

const course = join(import.meta.dirname, '../../prisma/seed/cell-biology');
const jpeg = { type: 'image/jpeg' };

describe('a printed picture, labelled by hand and photographed', { timeout: 120_000 }, () => {
  let place: ModelSchool;
  let cell: PlantCell;
  let assignmentId: string;

  beforeAll(async () => {
    place = await ModelSchool.open('sheet-school');
    cell = await readPlantCell(course);
    const { teacher, courseId } = place.school;
    const stored = await fetch(`${place.api.url}/courses/${courseId}/media/cell.png`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${teacher.token}` },
      body: cell.template,
    });
    if (!stored.ok) throw new Error(await stored.text());
    const places = cell.specification.parts.map((part) => ({ id: part.place!, description: 'A part of the cell.' }));
    const form = { kind: 'marks', image: 'media/cell.png', places };
    assignmentId = (await place.assign(cell.specification, { form })).id;
  }, 60_000);
  afterAll(() => place?.close());

  /** A photo of labels by a printer, and where places of the picture are on it. */
  const photoOf = async (
    work: MadeWork,
    { hardness = 0.5, blur = 0, template = cell.template, scribble = null as Spot | null } = {},
  ) => {
    const rng = seededRng('labelled sheets');
    const { sheet, toSheet } = await drawSheet(template, cell.specification, work, 'printed', rng);
    if (scribble !== null) {
      const [x, y] = toSheet(scribble);
      const loops = Array.from({ length: 90 }, (_, at): Spot => [
        x + at * 1.4 + 12 * Math.cos(at / 1.7),
        y + 13 * Math.sin(at / 1.3) + 6 * Math.cos(at / 3),
      ]);
      sheet.draw(loops, 3.4, [25, 45, 130], 0.95);
    }
    const taken = await photograph(sheet, { hardness, blur }, rng);
    return { bytes: taken.jpeg, onPhoto: (spot: Spot): Spot => taken.toPhoto(toSheet(spot)) };
  };
  const allRight = (): MadeWork => makeWork(cell.specification, 0, seededRng('all right'));

  it('is scored like labels on the screen, with what was read as evidence on the photo', async () => {
    const work = allRight();
    const [wall, membrane] = [work.labels[0]!, work.labels[1]!];
    const swapped = {
      ...work,
      labels: [{ ...wall, text: membrane.text }, { ...membrane, text: wall.text }, ...work.labels.slice(2)],
    };
    const told = heard(await place.connect('/learn', place.learner));
    const { bytes, onPhoto } = await photoOf(swapped);
    const graded = await place.graded(assignmentId, bytes, jpeg);
    const truth = gradeLabelledParts(cell.specification, marksOf(swapped));
    expect(await told.next('score.settled')).toMatchObject({ submissionId: graded.id, total: 6, maximum: 8 });
    expect(graded).toMatchObject({
      state: 'graded',
      scores: [{ grader: 'labelled-sheet', total: truth.total, flags: [] }],
    });
    const { criteria } = graded.scores[0];
    expect(criteria.map(({ error }: Told) => error)).toEqual(truth.criteria.map(({ error }) => error));
    expect(criteria[0]).toMatchObject({
      error: 'swapped',
      hint: { key: 'swap', parameters: { other: 'cell membrane' } },
    });
    // Each name is shown where it is written: on the photo, and not on what it names.
    const seen = await place.readSubmission(graded.id, place.learner);
    for (const { regions } of seen.scores[0].criteria) expect(regions).toHaveLength(1);
    const [left, right] = [onPhoto([0, 300]), onPhoto([800, 300])];
    const nucleolus = criteria.find(({ criterionId }: Told) => criterionId === 'nucleolus').regions[0] as Spot[];
    const isBeside = nucleolus.every(([x]) => x < left[0]) || nucleolus.every(([x]) => x > right[0]);
    expect(isBeside).toBe(true);
  });

  it('that says something illegible somewhere waits for the teacher, and is not scored as nothing', async () => {
    const work = allRight();
    const vacuole = work.labels.findIndex(({ text }) => text === 'vacuole');
    const without = { ...work, labels: work.labels.filter((_, at) => at !== vacuole) };
    const told = heard(await place.connect('/learn', place.learner));
    const { bytes, onPhoto } = await photoOf(without, { scribble: [400, 300] });
    const waiting = await place.graded(assignmentId, bytes, jpeg);
    expect(waiting).toMatchObject({ state: 'needs-review', failure: null });
    expect(await told.next('score.deferred')).toMatchObject({ state: 'needs-review', total: null, maximum: 8 });
    const criterion = waiting.scores[0].criteria.find(({ criterionId }: Told) => criterionId === 'vacuole');
    expect(criterion).toMatchObject({ error: 'unread', hint: { key: 'unread', parameters: { label: 'vacuole' } } });
    const [x, y] = onPhoto([440, 300]);
    const [outline] = criterion.regions as Spot[][];
    expect(Math.min(...outline!.map(([u]) => u))).toBeLessThan(x);
    expect(Math.max(...outline!.map(([u]) => u))).toBeGreaterThan(x);
    expect(Math.abs((outline![0]![1] + outline![2]![1]) / 2 - y)).toBeLessThan(40);
    // Its learner sees no score before somebody has looked.
    expect(await place.readSubmission(waiting.id, place.learner)).toMatchObject({ state: 'needs-review', scores: [] });
    // Nor may it be let through as it is, one by one or with others.
    const { teacher, courseId } = place.school;
    const input = { id: newId(), submissionId: waiting.id, overrides: [], reason: null };
    expect(await place.call(teacher, operations.reviewSubmission, { input })).toMatchObject({
      __typename: 'InvalidInput',
      message: expect.stringContaining('could not be read'),
    });
    const { scores } = await place.call(teacher, operations.submission, { id: waiting.id });
    const confirmations = [{ id: newId(), submissionId: waiting.id, scoreId: scores[0].id }];
    expect(await place.call(teacher, operations.confirmReviews, { input: { courseId, confirmations } })).toMatchObject({
      outcomes: [{ code: 'WRONG_STATE' }],
    });
    const settled = await place.review(waiting.id, [{ criterionId: 'vacuole', awarded: 1 }], null);
    expect(settled).toMatchObject({ score: { total: 8 }, submission: { state: 'reviewed' } });
  });

  it('is handed back with what to do where it is blank, blurred, or of another picture', async () => {
    const blank = await place.graded(assignmentId, (await photoOf({ labels: [], slips: [] })).bytes, jpeg);
    expect(blank).toMatchObject({ state: 'needs-review', failure: 'photo-unusable', scores: [] });
    const seen = await place.readSubmission(blank.id, place.learner);
    expect(seen.failureDetail).toContain('No labels are to be seen');
    const blurred = await place.graded(assignmentId, (await photoOf(allRight(), { blur: 9 })).bytes, jpeg);
    expect(blurred).toMatchObject({ failure: 'photo-unusable', failureDetail: expect.stringContaining('blurred') });
    const other = new Uint8Array(await readFile(join(course, 'media/plant-and-animal-cell.png')));
    const wrong = await place.graded(assignmentId, (await photoOf(allRight(), { template: other })).bytes, jpeg);
    expect(wrong).toMatchObject({
      failure: 'photo-unusable',
      failureDetail: expect.stringContaining('picture of this task is not to be seen'),
    });
  });
});
