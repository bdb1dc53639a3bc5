import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionScore, GradingResult } from '../../model/grading-result.js';
import { labelledPartsSchema, type LabelledParts } from './labelled-parts.js';
import type { Mark, MarkShape } from '../../model/marks.js';
import { gradeLabelledParts } from './grade-labelled-parts.js';

/** A rectangle from left and top to right and bottom. */
const rectangle = (left: number, top: number, right: number, bottom: number): [number, number][] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

const hints = { orient: 'Look.', point: 'There.', show: 'This.' };
const part = (label: string, polygons: [number, number][][], more: object = {}): object => ({
  id: label.toLowerCase().replaceAll(' ', '-'),
  label,
  polygons,
  points: 1,
  skill: 'cell-structure',
  hints,
  ...more,
});

/** 800 × 600, tolerance 20 pixels. The nucleolus lies in the nucleus, that in the cytoplasm; two mitochondria. */
const cell: LabelledParts = labelledPartsSchema.parse({
  kind: 'labelled-parts',
  version: 1,
  image: { width: 800, height: 600 },
  tolerance: 0.02,
  parts: [
    part('Cytoplasm', [rectangle(100, 100, 700, 500)]),
    part('Nucleus', [rectangle(200, 200, 360, 360)], { points: 2, synonyms: ['cell nucleus'] }),
    part('Nucleolus', [rectangle(250, 250, 300, 300)]),
    part('Mitochondrion', [rectangle(450, 150, 550, 200), rectangle(450, 400, 550, 450)]),
    part('Lysosome', [rectangle(600, 300, 660, 360)]),
  ],
  confusable: [['lysosome', 'ribosome']],
});

const point = (x: number, y: number): MarkShape => ({ kind: 'point', x, y });
let serial = 0;
const mark = (label: string, x: number, y: number): Mark => ({ id: `m${++serial}`, label, shape: point(x, y) });
const right = (): Mark[] => [
  mark('cytoplasm', 150, 450),
  mark('nucleus', 220, 220),
  mark('nucleolus', 275, 275),
  mark('mitochondrion', 500, 175),
  mark('lysosome', 630, 330),
];
/** The right marks, but one label's as given. */
const rightBut = (label: string, ...instead: Mark[]): Mark[] => [
  ...right().filter((each) => each.label !== label),
  ...instead,
];
const criterion = (result: GradingResult, id: string): CriterionScore =>
  result.criteria.find((each) => each.criterionId === id)!;
const errors = (result: GradingResult): Record<string, string> =>
  Object.fromEntries(
    result.criteria.flatMap(({ criterionId, error }) => (error === null ? [] : [[criterionId, error]])),
  );

describe('a picture labelled right', () => {
  it('scores in full', () => {
    const result = gradeLabelledParts(cell, right());
    expect(result).toMatchObject({ total: 6, maximum: 6, extras: [], flags: [] });
    expect(result.confidence).toBeGreaterThan(0.9);
    expect(errors(result)).toEqual({});
    expect(result.criteria.every((each) => each.hint === null && each.evidence.markIds.length === 1)).toBe(true);
  });
  it.each(['Mitochondria', 'the MITOCHONDRION', 'mitochondrions'])('takes %s for the mitochondrion', (label) => {
    expect(gradeLabelledParts(cell, rightBut('mitochondrion', mark(label, 500, 175))).total).toBe(6);
  });
  it('takes synonyms, either of several regions, or both', () => {
    expect(gradeLabelledParts(cell, rightBut('nucleus', mark('Cell nucleus', 220, 220))).total).toBe(6);
    expect(gradeLabelledParts(cell, rightBut('mitochondrion', mark('mitochondrion', 500, 425))).total).toBe(6);
    const both = gradeLabelledParts(cell, [...right(), mark('mitochondrion', 500, 425)]);
    expect(both).toMatchObject({ total: 6, extras: [] });
    expect(criterion(both, 'mitochondrion').evidence.markIds).toHaveLength(2);
  });
  it('may be labelled with boxes: small within a large part, or around a small one', () => {
    const box = (label: string, x: number, y: number, width: number, height: number): Mark => ({
      id: label,
      label,
      shape: { kind: 'box', x, y, width, height },
    });
    const boxes = [
      box('cytoplasm', 120, 420, 60, 60),
      box('nucleus', 190, 190, 180, 180),
      box('nucleolus', 235, 235, 80, 80),
      box('mitochondrion', 450, 150, 100, 50),
      box('lysosome', 590, 290, 80, 80),
    ];
    expect(gradeLabelledParts(cell, boxes)).toMatchObject({ total: 6, extras: [] });
    expect(errors(gradeLabelledParts(cell, [box('lysosome', 0, 0, 800, 600)]))).toMatchObject({
      lysosome: 'right-name-wrong-place',
    });
  });
  it('gives an inner part its ground alone', () => {
    const result = gradeLabelledParts(cell, rightBut('nucleus', mark('nucleus', 275, 275)));
    expect(errors(result)).toEqual({ nucleus: 'right-name-wrong-place' });
    const atTheRim = gradeLabelledParts(cell, rightBut('nucleus', mark('nucleus', 275, 255)));
    expect(errors(atTheRim)).toEqual({ nucleus: 'near-miss' });
  });
});

describe('what went wrong', () => {
  it('missing: where it should have been', () => {
    const result = gradeLabelledParts(cell, rightBut('lysosome'));
    expect(result.total).toBe(5);
    expect(criterion(result, 'lysosome')).toMatchObject({
      awarded: 0,
      error: 'missing',
      evidence: { markIds: [], regions: [rectangle(600, 300, 660, 360)] },
      hint: { key: 'orient', parameters: { label: 'Lysosome' } },
    });
  });
  it('swapped: both, each shown where its name stands', () => {
    const swapped = [mark('lysosome', 500, 175), mark('mitochondrion', 630, 330)];
    const result = gradeLabelledParts(cell, [...right().slice(0, 3), ...swapped]);
    expect(errors(result)).toEqual({ mitochondrion: 'swapped', lysosome: 'swapped' });
    expect(criterion(result, 'lysosome').hint).toEqual({
      key: 'swap',
      parameters: { label: 'Lysosome', other: 'Mitochondrion' },
    });
    expect(criterion(result, 'lysosome').evidence.markIds).toEqual(swapped.map((each) => each.id));
    expect(result.extras).toEqual([]);
  });
  it('three names in a ring are each in the wrong place', () => {
    const ring = [mark('nucleolus', 220, 220), mark('lysosome', 275, 275), mark('nucleus', 630, 330)];
    const result = gradeLabelledParts(cell, [right()[0]!, right()[3]!, ...ring]);
    expect(Object.values(errors(result))).toEqual(Array(3).fill('right-name-wrong-place'));
  });
  it('near miss: half', () => {
    const result = gradeLabelledParts(cell, rightBut('lysosome', mark('lysosome', 630, 370)));
    expect(criterion(result, 'lysosome')).toMatchObject({ awarded: 0.5, error: 'near-miss', hint: { key: 'closer' } });
    expect(errors(gradeLabelledParts(cell, rightBut('lysosome', mark('lysosome', 630, 390))))).toEqual({
      lysosome: 'right-name-wrong-place',
    });
  });
  it('misspelt: three quarters', () => {
    const result = gradeLabelledParts(cell, rightBut('lysosome', mark('lysosone', 630, 330)));
    expect(criterion(result, 'lysosome')).toMatchObject({
      awarded: 0.75,
      error: 'misspelt',
      hint: { key: 'spelling', parameters: { label: 'Lysosome', written: 'lysosone' } },
    });
  });
  it('another term is never a misspelling, however near: nucleus and nucleolus, lysosome and ribosome', () => {
    expect(gradeLabelledParts(cell, [mark('nucleus', 275, 275)]).total).toBe(0);
    expect(gradeLabelledParts(cell, [mark('ribosome', 630, 330)]).total).toBe(0);
    expect(errors(gradeLabelledParts(cell, rightBut('lysosome', mark('ribosome', 630, 330))))).toEqual({
      lysosome: 'right-place-wrong-name',
    });
  });
  it('right place, wrong name: surer of a known term than of words unknown', () => {
    const known = criterion(gradeLabelledParts(cell, rightBut('lysosome', mark('ribosome', 630, 330))), 'lysosome');
    const unknown = criterion(gradeLabelledParts(cell, rightBut('lysosome', mark('digester', 630, 330))), 'lysosome');
    expect(unknown).toMatchObject({ error: 'right-place-wrong-name', hint: { parameters: { written: 'digester' } } });
    expect(known.confidence).toBeGreaterThan(unknown.confidence);
  });
  it('right name, wrong place: where the name stands', () => {
    const result = gradeLabelledParts(cell, rightBut('lysosome', mark('lysosome', 400, 450)));
    const { error, evidence } = criterion(result, 'lysosome');
    expect(error).toBe('right-name-wrong-place');
    for (const [x, y] of evidence.regions[0]!) expect(Math.hypot(x - 400, y - 450)).toBeCloseTo(20, 0);
  });
  it('extra: a name put everywhere, or two names in one place, share what one would earn', () => {
    const twice = gradeLabelledParts(cell, [...right(), mark('nucleus', 630, 340)]);
    expect(errors(twice)).toEqual({ nucleus: 'extra' });
    expect(criterion(twice, 'nucleus')).toMatchObject({ awarded: 1, hint: { key: 'once', parameters: { times: 2 } } });
    expect(twice.extras.map((each) => each.label)).toEqual(['nucleus']);
    const hedged = gradeLabelledParts(cell, [...right(), mark('ribosome', 630, 340)]);
    expect(errors(hedged)).toEqual({ lysosome: 'extra' });
  });
  it('a remark beside the picture is extra and costs nothing', () => {
    const result = gradeLabelledParts(cell, [...right(), mark('drawn by me', 50, 50)]);
    expect(result).toMatchObject({ total: 6, extras: [{ label: 'drawn by me' }] });
  });
  it('labelling everything with everything earns no more than guessing', () => {
    const labels = cell.parts.map((each) => each.label);
    const all = right().flatMap(({ shape }) => labels.map((label) => ({ id: `a${++serial}`, label, shape })));
    const result = gradeLabelledParts(cell, all);
    expect(result.total).toBeLessThanOrEqual(result.maximum / labels.length + 1e-9);
  });
});

describe('nothing to grade', () => {
  it('is blank without marks or without names, for a person to see', () => {
    for (const marks of [[], [mark('', 220, 220), mark('  ', 630, 330)]]) {
      const result = gradeLabelledParts(cell, marks);
      expect(result).toMatchObject({ total: 0, flags: ['blank'] });
      expect(result.confidence).toBeLessThan(0.3);
    }
  });
  it('is off-topic when no label is a term of the subject', () => {
    const result = gradeLabelledParts(cell, [mark('my dog', 220, 220), mark('my cat', 630, 330)]);
    expect(result).toMatchObject({ total: 0, flags: ['off-topic'] });
    expect(result.confidence).toBeLessThan(0.3);
    expect(gradeLabelledParts(cell, [mark('ribosome', 220, 220)]).flags).toEqual([]);
  });
});

it('reads scripts without spaces', () => {
  const chinese = labelledPartsSchema.parse({
    ...cell,
    parts: [
      part('细胞膜', [rectangle(0, 0, 100, 100)], { id: 'membrane' }),
      part('细胞核', [rectangle(200, 0, 300, 100)], { id: 'nucleus', synonyms: ['核'] }),
      part('高尔基复合体', [rectangle(400, 0, 500, 100)], { id: 'golgi' }),
    ],
    confusable: [],
  });
  const result = gradeLabelledParts(chinese, [
    mark('细胞质', 50, 50),
    mark(' 细胞 核 ', 250, 50),
    mark('高尔基复合休', 450, 50),
  ]);
  expect(errors(result)).toEqual({ membrane: 'right-place-wrong-name', golgi: 'misspelt' });
});

/** Terms that no slip turns into one another. */
const vocabulary = [
  'cytoplasm',
  'nucleus',
  'mitochondrion',
  'ribosome',
  'vacuole',
  'chloroplast',
  '线粒体',
  'мембрана',
];

interface RandomPart {
  readonly term: number;
  readonly radii: readonly number[];
  readonly inner: boolean;
  readonly points: number;
}
const randomParts = fc.array(
  fc.record({
    term: fc.nat(),
    radii: fc.array(fc.double({ min: 0.6, max: 1, noNaN: true }), { minLength: 8, maxLength: 12 }),
    inner: fc.boolean(),
    points: fc.constantFrom(0.5, 1, 2, 5),
  }),
  { minLength: 1, maxLength: 4 },
);

const radius = 80;
const star = (x: number, y: number, size: number, radii: readonly number[]): Polygon =>
  radii.map((share, corner) => {
    const angle = (2 * Math.PI * corner) / radii.length;
    return [x + size * share * Math.cos(angle), y + size * share * Math.sin(angle)];
  });

/** Star-shaped parts side by side, some with an inner part, and a right mark for each on ground of its own. */
function scene(random: readonly RandomPart[]): { specification: LabelledParts; marks: Mark[] } {
  const terms = [...vocabulary];
  const parts: object[] = [];
  const marks: Mark[] = [];
  const add = (term: string, polygon: Polygon, x: number, y: number, points: number): void => {
    parts.push(part(term, [polygon as [number, number][]], { id: `part-${parts.length}`, points }));
    marks.push({ id: `mark-${marks.length}`, label: term, shape: point(x, y) });
  };
  random.forEach(({ term, radii, inner, points }, index) => {
    const x = 100 + 200 * index;
    const take = (): string => terms.splice(term % terms.length, 1)[0]!;
    add(take(), star(x, 100, radius, radii), x + 0.42 * radius, 100, points);
    if (inner) add(take(), star(x, 100, 0.25 * radius, radii), x, 100, points);
  });
  const specification = labelledPartsSchema.parse({
    ...cell,
    image: { width: 800, height: 400 },
    tolerance: 0.01,
    parts,
    confusable: [],
  });
  return { specification, marks };
}

const replace = (marks: readonly Mark[], index: number, change: Partial<Mark>): Mark[] =>
  marks.map((each, at) => (at === index ? { ...each, ...change } : each));
const errorsOf = (specification: LabelledParts, marks: Mark[]): (string | null)[] =>
  gradeLabelledParts(specification, marks).criteria.map((each) => each.error);
const onlyAt = (count: number, index: number, error: string): (string | null)[] =>
  Array.from({ length: count }, (_, at) => (at === index ? error : null));

describe('on random pictures', () => {
  const scenes = fc.tuple(randomParts, fc.nat()).map(([random, pick]) => {
    const made = scene(random);
    return { ...made, index: pick % made.marks.length };
  });

  it('right marks score in full', () => {
    fc.assert(
      fc.property(scenes, ({ specification, marks }) => {
        const result = gradeLabelledParts(specification, marks);
        expect(result.total).toBe(result.maximum);
        expect(result.criteria.every((each) => each.error === null)).toBe(true);
      }),
    );
  });

  it('one mark dropped, renamed, moved or misspelt is told as such, and costs that part alone', () => {
    fc.assert(
      fc.property(scenes, ({ specification, marks, index }) => {
        const told = (changed: Mark[]): (string | null)[] => errorsOf(specification, changed);
        const count = marks.length;
        const { label, shape } = marks[index]!;
        expect(told(marks.filter((_, at) => at !== index))).toEqual(onlyAt(count, index, 'missing'));
        expect(told(replace(marks, index, { label: 'quagmire' }))).toEqual(
          onlyAt(count, index, 'right-place-wrong-name'),
        );
        expect(told(replace(marks, index, { shape: point(400, 350) }))).toEqual(
          onlyAt(count, index, 'right-name-wrong-place'),
        );
        const middle = label.length >> 1;
        const slip = label.slice(0, middle) + label[middle + 1]! + label[middle]! + label.slice(middle + 2);
        if (label.length > 4)
          expect(told(replace(marks, index, { label: slip }))).toEqual(onlyAt(count, index, 'misspelt'));
        const other = (index + 1) % count;
        if (other === index) return;
        expect(told(replace(marks, index, { label: marks[other]!.label }))).toEqual(
          onlyAt(count, index, 'right-place-wrong-name'),
        );
        expect(told(replace(marks, index, { shape: marks[other]!.shape }))).toEqual(
          onlyAt(count, index, 'right-name-wrong-place'),
        );
        const swapped = replace(replace(marks, index, { shape: marks[other]!.shape }), other, { shape });
        expect(told(swapped)).toEqual(marks.map((_, at) => (at === index || at === other ? 'swapped' : null)));
      }),
    );
  });

  const anyMark = fc.record({
    label: fc.oneof(
      fc.constantFrom(...vocabulary, 'vacuol', 'ribosones', 'quagmire', ''),
      fc.string({ maxLength: 20 }),
    ),
    shape: fc.oneof(
      fc.record({ kind: fc.constant('point' as const), x: fc.nat(800), y: fc.nat(200) }),
      fc.record({
        kind: fc.constant('box' as const),
        x: fc.nat(700),
        y: fc.nat(150),
        width: fc.integer({ min: 1, max: 200 }),
        height: fc.integer({ min: 1, max: 200 }),
      }),
      fc.record({
        kind: fc.constant('polygon' as const),
        points: fc.array(fc.tuple(fc.nat(800), fc.nat(200)), { minLength: 3, maxLength: 8 }),
      }),
    ),
  });
  const anyWork = fc
    .array(anyMark, { maxLength: 12 })
    .map((list) => list.map((each, index) => ({ ...each, id: `id-${index}` })));

  it('any work: the order of the marks means nothing, and every lost point has an error, a region and a hint', () => {
    fc.assert(
      fc.property(
        scenes,
        anyWork,
        fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
        ({ specification, marks }, work, keys) => {
          const all = [...marks.slice(0, 2), ...work];
          const result = gradeLabelledParts(specification, all);
          const shuffled = all
            .map((each, index) => ({ each, key: keys[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ each }) => each);
          expect(gradeLabelledParts(specification, shuffled)).toEqual(result);

          expect(result.total).toBe(result.criteria.reduce((sum, each) => sum + each.awarded, 0));
          expect(result.maximum).toBe(specification.parts.reduce((sum, each) => sum + each.points, 0));
          const ids = new Set(all.map((each) => each.id));
          for (const each of result.criteria) {
            expect(each.awarded).toBeGreaterThanOrEqual(0);
            expect(each.awarded).toBeLessThanOrEqual(each.points);
            expect(each.confidence).toBeGreaterThan(0);
            expect(each.confidence).toBeLessThan(1);
            expect(each.evidence.markIds.every((id) => ids.has(id))).toBe(true);
            if (each.awarded < each.points) {
              expect(each.error).not.toBeNull();
              expect(each.hint).not.toBeNull();
              expect(each.evidence.regions.length).toBeGreaterThan(0);
            } else {
              expect(each.error).toBeNull();
            }
          }
          expect(JSON.parse(JSON.stringify(result))).toEqual(result);
        },
      ),
    );
  });

  it('any work: one more right mark never costs another part anything', () => {
    fc.assert(
      fc.property(scenes, ({ specification, marks, index }) => {
        const without = gradeLabelledParts(specification, marks.slice(0, index));
        const withIt = gradeLabelledParts(specification, marks.slice(0, index + 1));
        expect(withIt.total).toBeCloseTo(without.total + specification.parts[index]!.points, 10);
      }),
    );
  });
});
