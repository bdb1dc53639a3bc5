import { describe, expect, it } from 'vitest';
import { labelledPartsSchema } from './labelled-parts.js';
import { labelsSchemaFor, strokesSchemaFor } from '../../model/marks.js';

const hints = { orient: 'Look inside.', point: 'The dark disc.', show: 'This is the nucleus.' };
const part = (id: string, label: string, left: number, more: object = {}): object => ({
  id,
  label,
  polygons: [
    [
      [left, 10],
      [left + 50, 10],
      [left + 50, 60],
      [left, 60],
    ],
  ],
  points: 1,
  skill: 'cell-structure',
  hints,
  ...more,
});
const specification = (parts: object[], more: object = {}): object => ({
  kind: 'labelled-parts',
  version: 1,
  image: { width: 400, height: 300 },
  tolerance: 0.02,
  parts,
  ...more,
});

function complaints(value: object): string[] {
  return (labelledPartsSchema.safeParse(value).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

describe('a specification', () => {
  it('is read, with nothing for synonyms and confusable terms if they are left out', () => {
    const read = labelledPartsSchema.parse(specification([part('nucleus', 'Nucleus', 10)]));
    expect(read.parts[0]!.synonyms).toEqual([]);
    expect(read.confusable).toEqual([]);
  });

  it.each([
    ['an id twice', [part('a', 'Nucleus', 10), part('a', 'Cell wall', 100)], 'parts.1.id: Two parts have the id "a".'],
    [
      'a label twice, in other words',
      [part('a', 'Mitochondrion', 10), part('b', 'Powerhouse', 100, { synonyms: ['mitochondria'] })],
      'parts.1.synonyms.0: The parts "a" and "b" would both be named by "mitochondria".',
    ],
    ['a label of nothing', [part('a', '…', 10)], 'parts.0.label: "…" has neither letters nor digits.'],
    [
      'a region outside the picture',
      [part('a', 'Nucleus', 380)],
      'parts.0.polygons.0: Part "a", region 1 has corner 2 at (430, 10), outside the 400 × 300 picture.',
    ],
    [
      'a region of two corners',
      [
        part('a', 'Nucleus', 10, {
          polygons: [
            [
              [0, 0],
              [9, 9],
            ],
          ],
        }),
      ],
      'parts.0.polygons.0: a region needs at least 3 corners',
    ],
    [
      'a flat region',
      [
        part('a', 'Nucleus', 10, {
          polygons: [
            [
              [0, 0],
              [50, 50],
              [90, 90],
            ],
          ],
        }),
      ],
      'parts.0.polygons.0: Part "a", region 1 encloses less than one pixel.',
    ],
    [
      'a region that crosses itself',
      [
        part('a', 'Nucleus', 10, {
          polygons: [
            [
              [0, 0],
              [90, 90],
              [90, 0],
              [0, 50],
            ],
          ],
        }),
      ],
      'parts.0.polygons.0: Part "a", region 1 crosses itself: the sides from corner 1 and from corner 3.',
    ],
    [
      'two parts in one place',
      [part('a', 'Nucleus', 10), part('b', 'Cell wall', 10)],
      'parts.1.polygons.0: Part "b", region 1 is the very region of the part "a".',
    ],
  ])('is refused for %s', (_, parts, complaint) => {
    expect(complaints(specification(parts))).toEqual([complaint]);
  });

  it('is refused for confusing a thing with itself, for no parts and for unknown fields', () => {
    const parts = [part('a', 'Nucleus', 10, { synonyms: ['Kernel'] })];
    expect(complaints(specification(parts, { confusable: [['nucleus', 'kernel']] }))).toEqual([
      'confusable.0: "nucleus" and "kernel" name the same thing, so they cannot be confused.',
    ]);
    expect(complaints(specification([]))).toHaveLength(1);
    expect(complaints(specification(parts, { extra: 1 }))).toHaveLength(1);
  });
});

describe('marks', () => {
  const mark = (shape: object, more: object = {}): object => ({ id: 'm', label: 'Nucleus', shape, ...more });
  const accepts = (marks: unknown): boolean => labelsSchemaFor({ width: 400, height: 300 }).safeParse(marks).success;

  it('are points, boxes and polygons on the picture, give or take a margin', () => {
    expect(accepts([mark({ kind: 'point', x: 10, y: 20 })])).toBe(true);
    expect(accepts([mark({ kind: 'point', x: -39, y: 339 })])).toBe(true);
    expect(accepts([mark({ kind: 'box', x: 390, y: 10, width: 40, height: 5 })])).toBe(true);
    expect(
      accepts([
        mark({
          kind: 'polygon',
          points: [
            [1, 1],
            [5, 1],
            [5, 5],
          ],
        }),
      ]),
    ).toBe(true);
    expect(accepts([])).toBe(true);
  });

  it.each([
    ['beside the picture', [mark({ kind: 'point', x: -41, y: 20 })]],
    ['a box that leaves it', [mark({ kind: 'box', x: 390, y: 10, width: 60, height: 5 })]],
    ['not a number', [mark({ kind: 'point', x: NaN, y: 0 })]],
    ['infinite', [mark({ kind: 'box', x: 0, y: 0, width: Infinity, height: 1 })]],
    ['a box of no width', [mark({ kind: 'box', x: 0, y: 0, width: 0, height: 1 })]],
    [
      'a polygon of two corners',
      [
        mark({
          kind: 'polygon',
          points: [
            [1, 1],
            [5, 1],
          ],
        }),
      ],
    ],
    ['too long a label', [mark({ kind: 'point', x: 1, y: 1 }, { label: 'x'.repeat(121) })]],
    ['an id twice', [mark({ kind: 'point', x: 1, y: 1 }), mark({ kind: 'point', x: 2, y: 2 })]],
    ['too many', Array.from({ length: 201 }, (_, n) => mark({ kind: 'point', x: 1, y: 1 }, { id: `${n}` }))],
    ['a stroke', [mark({ kind: 'stroke', points: [[1, 1]] })]],
    ['something else', { marks: [] }],
  ])('are refused: %s', (_, marks) => {
    expect(accepts(marks)).toBe(false);
  });

  it('are told apart by id', () => {
    const twice = [mark({ kind: 'point', x: 1, y: 1 }), mark({ kind: 'point', x: 2, y: 2 })];
    expect(labelsSchemaFor({ width: 400, height: 300 }).safeParse(twice).error?.issues[0]).toMatchObject({
      message: 'Two marks have the id "m".',
      path: [1, 'id'],
    });
  });
});

describe('strokes', () => {
  const stroke = (points: number[][], id = 's'): object => ({ id, label: '', shape: { kind: 'stroke', points } });
  const accepts = (marks: unknown): boolean => strokesSchemaFor({ width: 400, height: 300 }).safeParse(marks).success;

  it('are places on the canvas, in their order, with a time or without', () => {
    expect(accepts([])).toBe(true);
    const timed = [
      [1, 1, 0],
      [2, 3, 16],
      [-39, 2, 33.5],
    ];
    expect(accepts([stroke([[1, 1]]), stroke(timed, 't')])).toBe(true);
  });

  it.each([
    ['without a place', [stroke([])]],
    ['beside the canvas', [stroke([[-41, 1]])]],
    ['before it began', [stroke([[1, 1, -1]])]],
    ['of one number', [stroke([[1]])]],
    ['a point', [{ id: 's', label: '', shape: { kind: 'point', x: 1, y: 1 } }]],
    ['too many', Array.from({ length: 2_001 }, (_, n) => stroke([[1, 1]], `${n}`))],
    ['of too many places', Array.from({ length: 11 }, (_, n) => stroke(Array(20_000).fill([1, 1]), `${n}`))],
  ])('are refused: %s', (_, marks) => {
    expect(accepts(marks)).toBe(false);
  });
});
