import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeenLabel } from '../../sheet.ports.js';
import { gradeLabelledParts } from './grade-labelled-parts.js';
import { gradeSheet, scriptOf } from './grade-sheet.js';
import { labelledPartsSchema } from './labelled-parts.js';

const hints = { orient: 'Look.', point: 'There.', show: 'It is this one.' };
/** Three parts in a row, each 100 wide and high, and 20 apart. */
const specification = labelledPartsSchema.parse({
  kind: 'labelled-parts',
  version: 1,
  image: { width: 400, height: 200 },
  tolerance: 0.02,
  parts: ['stamen', 'pistil', 'sepal'].map((name, at) => {
    const left = 20 + 120 * at;
    const polygons = [
      [
        [left, 50],
        [left + 100, 50],
        [left + 100, 150],
        [left, 150],
      ],
    ];
    return { id: name, label: name, polygons, points: 2, skill: 'flowers', hints };
  }),
});
const middles = [70, 190, 310];

/** A label as it is seen: plainly, with a line to a place, or written on it where there is none. */
function label(
  text: string,
  end: number | null,
  { at = [0, 170], share = 0.95 }: { at?: [number, number]; share?: number } = {},
): SeenLabel {
  const [x, y] = at;
  const outline = [
    [x, y],
    [x + 40, y],
    [x + 40, y + 12],
    [x, y + 12],
  ] as const;
  return {
    outline,
    box: { kind: 'box', x, y, width: 40, height: 12 },
    ends: end === null ? [] : [{ kind: 'point', x: end, y: 100 }],
    characters: [...text].map((character) => [{ text: character, share }]),
  };
}
const scribble = (end: number | null, at?: [number, number]): SeenLabel =>
  label('wvmuw', end, { share: 0.3, ...(at && { at }) });
const straight = (place: readonly [number, number]): readonly [number, number] => place;
const grade = (labels: readonly SeenLabel[], toPhoto = straight) => gradeSheet(specification, { labels, toPhoto });
const errorsOf = (labels: readonly SeenLabel[]) => grade(labels).criteria.map(({ error }) => error);

describe('grading a sheet', () => {
  it('gives what the same labels earn on the screen, and shows each of them where it is written', () => {
    const texts = fc.shuffledSubarray(['stamen', 'pistil', 'sepal', 'petal', 'stamne', 'sepals'], {
      minLength: 1,
      maxLength: 5,
    });
    const ends = fc.array(fc.constantFrom(...middles), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(texts, ends, (written, places) => {
        const labels = written.map((text, at) => label(text, places[at]!, { at: [60 * at, 170] }));
        const marks = written.map((text, at) => ({
          id: `label-${at + 1}`,
          label: text,
          shape: { kind: 'point' as const, x: places[at]!, y: 100 },
        }));
        const [sheet, screen] = [grade(labels), gradeLabelledParts(specification, marks)];
        const open = sheet.criteria.some(({ error }) => error === 'unread');
        if (!open)
          expect(sheet.criteria.map(({ awarded, error }) => [awarded, error])).toEqual(
            screen.criteria.map(({ awarded, error }) => [awarded, error]),
          );
        for (const { error, evidence } of sheet.criteria) {
          if (error === 'missing' || error === 'near-miss') continue;
          for (const region of evidence.regions) expect(labels.map(({ outline }) => outline)).toContainEqual(region);
        }
      }),
    );
  });

  it('does not depend on where the photo was taken from, or on the order of the labels', () => {
    const labels = [label('stamen', 190), label('pistil', 70), label('sepal', 310), scribble(310)];
    const matrix = fc.tuple(
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.double({ min: -0.3, max: 0.3, noNaN: true }),
      fc.double({ min: 0, max: 500, noNaN: true }),
      fc.double({ min: 0, max: 1e-4, noNaN: true }),
    );
    fc.assert(
      fc.property(matrix, fc.shuffledSubarray(labels, { minLength: 4 }), ([scale, lean, shift, tilt], shuffled) => {
        const toPhoto = ([x, y]: readonly [number, number]) =>
          [(scale * x + lean * y + shift) / (1 + tilt * x), (scale * y + shift) / (1 + tilt * x)] as const;
        const simple = ({ criteria }: ReturnType<typeof grade>) =>
          criteria.map(({ awarded, error, confidence }) => ({ awarded, error, confidence }));
        expect(simple(grade(shuffled, toPhoto))).toEqual(simple(grade(labels)));
      }),
    );
    const moved = grade([label('stamen', 70)], ([x, y]) => [x + 1_000, 2 * y]).criteria[1]!;
    expect(moved).toMatchObject({
      error: 'missing',
      evidence: {
        regions: [
          [
            [1_140, 100],
            [1_240, 100],
            [1_240, 300],
            [1_140, 300],
          ],
        ],
      },
    });
  });

  it('leaves to a teacher what stands at a part and cannot be read, and decides the others', () => {
    const { criteria, confidence, flags } = grade([label('stamen', 70), scribble(190), label('sepal', 310)]);
    expect(criteria.map(({ error, awarded }) => [error, awarded])).toEqual([
      [null, 2],
      ['unread', 0],
      [null, 2],
    ]);
    expect(criteria[1]).toMatchObject({ confidence: 0, hint: { key: 'unread' } });
    expect({ confidence, flags }).toEqual({ confidence: 0, flags: [] });
    // Written on the part itself, and no line.
    expect(errorsOf([label('stamen', 70), scribble(null, [170, 95]), label('sepal', 310)])).toEqual([
      null,
      'unread',
      null,
    ]);
  });

  it('does not know what a label names that has no line: its part is open, and whatever is not earned if it says nothing', () => {
    const beside = { at: [-100, 20] as [number, number] };
    expect(errorsOf([label('stamen', 70), label('pistil', null, beside), label('sepal', 310)])).toEqual([
      null,
      'unread',
      null,
    ]);
    expect(errorsOf([label('stamen', 70), scribble(null, [-100, 20])])).toEqual([null, 'unread', 'unread']);
    // Where all is earned, somebody has to look all the same.
    const all = middles.map((x, at) => label(specification.parts[at]!.label, x));
    expect(grade([...all, scribble(null, [-100, 20])]).confidence).toBeLessThan(0.75);
    expect(grade(all).confidence).toBeGreaterThan(0.9);
  });

  it('is never surer than its reading, and takes each line of a label for a mark', () => {
    const both = { ...label('stamen', 70), ends: [70, 75].map((x) => ({ kind: 'point' as const, x, y: 100 })) };
    expect(grade([both]).criteria[0]).toMatchObject({ error: null, evidence: { markIds: ['label-1', 'label-1-2'] } });
    const faint = grade([label('sepal', 310, { share: 0.45 })]).criteria[2]!;
    expect(faint.confidence).toBeLessThan(grade([label('sepal', 310)]).criteria[2]!.confidence);
  });

  it('is read in the script of its terms', () => {
    expect(scriptOf(specification)).toBe('latin');
    const han = { ...specification, parts: [{ ...specification.parts[0]!, label: '细胞核' }] };
    expect(scriptOf(han)).toBe('han');
  });
});
