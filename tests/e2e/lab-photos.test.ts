import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { mustAsk, newId } from '../support/api.js';
import { heard } from '../support/heard.js';
import { ModelSchool } from '../support/model-school.js';
import { disc, Painting } from '../support/painting.js';
import type { Person } from '../support/school.js';
import { upload } from '../support/work.js';
import { seedSheet as sheet, tenSeeds } from '../support/seed-sheet.js';

const specification = {
  kind: 'lab-photo',
  version: 1,
  criteria: [
    tenSeeds,
    {
      id: 'pressure',
      label: 'Pressure',
      points: 4,
      skill: 'shapes',
      hints: tenSeeds.hints,
      measure: 'gauge',
      centre: [0.5, 0.74],
      radius: 0.2,
      unit: 'bar',
      expected: 5,
      tolerance: 0.5,
      from: { angle: 270, value: 0 },
      to: { angle: 90, value: 6.67 },
    },
  ],
};

describe('a photo of laboratory work', () => {
  let place: ModelSchool;
  let learner: Person;
  let assignmentId: string;

  beforeAll(async () => {
    place = await ModelSchool.open('lab-photo-school');
    ({ learner } = place);
    assignmentId = (await place.assign(specification)).id;
  }, 60_000);
  afterAll(() => place?.close());

  it('is scored with what was counted and read as evidence on it', async () => {
    const socket = await place.connect('/learn', learner);
    const told = heard(socket);
    const right = await place.graded(assignmentId, await sheet(10).png());
    expect(await told.next('score.settled')).toMatchObject({ submissionId: right.id, total: 10, maximum: 10 });
    expect(right).toMatchObject({ state: 'graded', scores: [{ grader: 'lab-photo', modelId: null, total: 10 }] });
    const [seeds, pressure] = right.scores[0].criteria;
    expect(seeds).toMatchObject({ criterionId: 'seeds', awarded: 6, error: null, hint: null });
    // Each seed has its outline, in pixels of the picture.
    expect(seeds.regions).toHaveLength(10);
    const first = seeds.regions.find((outline: [number, number][]) => outline.every(([x, y]) => x < 80 && y < 80));
    for (const [x, y] of first) expect(Math.abs(Math.hypot(x - 50, y - 50) - 14)).toBeLessThan(2.5);
    expect(pressure).toMatchObject({ awarded: 4, error: null });

    const wrong = await place.graded(assignmentId, await sheet(13, 300).png());
    expect(await told.next('score.settled')).toMatchObject({ submissionId: wrong.id, total: 3 });
    expect(wrong.scores[0].criteria).toMatchObject([
      {
        awarded: 3,
        error: 'miscounted',
        hint: { key: 'miscounted', parameters: { of: 'seeds', counted: 13, low: 9, high: 11 } },
      },
      {
        awarded: 0,
        error: 'wrong-reading',
        hint: { key: 'wrong-reading', parameters: { read: expect.closeTo(1.1, 1), unit: 'bar', side: 'below' } },
      },
    ]);
    const hint = { id: newId(), submissionId: wrong.id, criterionId: 'seeds', at: Date.now() };
    expect(await mustAsk(socket, '/learn', 'work.hint', hint)).toMatchObject({
      step: 1,
      text: 'The number is not what is expected. Look at the sheet.',
    });
  });

  it('that nothing can be measured on is not scored: its learner reads what to do, and a teacher has it', async () => {
    const blurred = await place.graded(assignmentId, await sheet(10).png({ blur: 12 }));
    expect(blurred).toMatchObject({ state: 'needs-review', failure: 'photo-unusable', scores: [] });
    expect(await place.readSubmission(blurred.id, learner)).toMatchObject({
      state: 'needs-review',
      failureDetail: expect.stringContaining('blurred'),
      scores: [],
    });
    const dark = await place.graded(
      assignmentId,
      await sheet(10)
        .shade(() => 0.1)
        .png(),
    );
    expect(dark.failureDetail).toContain('too dark');
    const empty = await place.graded(assignmentId, await new Painting(400, 300, [220, 220, 220]).noise(2, 1).png());
    expect(empty.failureDetail).toContain('nothing to be seen');
    // The teacher begins where nothing was found.
    const overrides = [{ criterionId: 'seeds', awarded: 6 }];
    expect(await place.review(blurred.id, overrides, 'I can count them.')).toMatchObject({
      score: { total: 6, grader: 'teacher' },
    });
  });

  it(
    'counts what a teacher has taught by outlines, where brightness does not tell it',
    { timeout: 40_000 },
    async () => {
      // Of forty rings some are full: only these count.
      const rings = (full: (number: number) => boolean): { painting: Painting; outlines: [number, number][][] } => {
        const painting = new Painting(600, 400, [90, 90, 100]);
        const outlines: [number, number][][] = [];
        for (let number = 0; number < 40; number++) {
          const [x, y] = [45 + 73 * (number % 8), 45 + 75 * Math.floor(number / 8)];
          painting.add(disc(x, y, 16), [225, 225, 215]);
          if (!full(number)) painting.add(disc(x, y, 10), [90, 90, 100]);
          else {
            const corners = Array.from({ length: 16 }, (_, at) => (at * Math.PI) / 8);
            outlines.push(corners.map((turn) => [x + 16 * Math.cos(turn), y + 16 * Math.sin(turn)]));
          }
        }
        return { painting: painting.noise(3, 7), outlines };
      };
      const taught = rings((number) => number % 3 === 0);
      const { teacher, courseId } = place.school;
      const { id: fileId } = await upload(place.api.url, teacher.token, await taught.painting.png());
      const ask = (by: Person, pictures: object[]) =>
        place.call(by, operations.pixelClassifier, { input: { courseId, pictures } as never });
      const classifier = await ask(teacher, [{ fileId, outlines: taught.outlines }]);
      expect(classifier).toMatchObject({ features: 'gaussian-36', leastArea: expect.any(Number) });

      const [seeds] = specification.criteria;
      const { polarity: _, ...counted } = {
        ...seeds!,
        polarity: 'auto',
        region: undefined,
        classifier,
        low: 10,
        high: 10,
      };
      const { id } = await place.assign({ ...specification, criteria: [counted] });
      const asked = await place.graded(id, await rings((number) => number % 4 === 0).painting.png());
      expect(asked.scores).toMatchObject([{ total: 6, criteria: [{ error: null }] }]);
      // It may as well be the picture of a work.
      const again = await ask(teacher, [{ submissionId: asked.id, outlines: taught.outlines }]);
      expect(again).toMatchObject({ features: 'gaussian-36' });

      expect(await ask(learner, [{ fileId, outlines: taught.outlines }])).toMatchObject({ code: 'FORBIDDEN' });
      expect(await ask(teacher, [{ fileId: newId(), outlines: taught.outlines }])).toMatchObject({ code: 'NOT_FOUND' });
      expect(await ask(teacher, [{ outlines: taught.outlines }])).toMatchObject({ code: 'INVALID_INPUT' });
      const away = taught.outlines.map((outline) => outline.map(([x, y]) => [x + 5_000, y]));
      expect(await ask(teacher, [{ fileId, outlines: away }])).toMatchObject({ code: 'INVALID_INPUT' });
    },
  );

  it('is specified by a specification that says precisely what is wrong with it', async () => {
    const [seeds] = specification.criteria;
    const bad = await place.createActivity({ ...specification, criteria: [{ ...seeds, low: 12 }] });
    expect(bad.issues).toMatchObject([
      { path: 'content.key.specification.criteria.0.high', message: 'must not be below `low`' },
    ]);
  });
});
