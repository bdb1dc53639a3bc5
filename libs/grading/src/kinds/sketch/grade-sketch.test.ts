import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng, type Rng } from '#libs/kernel';
import type { Drawing, Stroke } from '../../ink/ink.js';
import type { GradingResult } from '../../model/grading-result.js';
import type { Marks } from '../../model/marks.js';
import { gradeSketch } from './grade-sketch.js';
import { sketchSchema, type Sketch } from './sketch.js';

const line = (...places: [number, number][]): Stroke => places;
const arc = (cx: number, cy: number, radius: number, from: number, to: number): Stroke =>
  Array.from({ length: 24 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / 23) * Math.PI) / 180;
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)] as const;
  });

/** Signs of circuits, as a teacher draws them. */
const signs: Readonly<Record<string, Drawing>> = {
  resistor: [
    line([0, 50], [40, 50]),
    line([40, 35], [110, 35], [110, 65], [40, 65], [40, 35]),
    line([110, 50], [150, 50]),
  ],
  capacitor: [line([0, 50], [65, 50]), line([65, 15], [65, 85]), line([85, 15], [85, 85]), line([85, 50], [150, 50])],
  lamp: [
    line([0, 50], [45, 50]),
    arc(75, 50, 30, 0, 360),
    line([54, 29], [96, 71]),
    line([54, 71], [96, 29]),
    line([105, 50], [150, 50]),
  ],
  switch: [line([0, 50], [50, 50]), line([50, 50], [98, 18]), line([100, 50], [150, 50])],
  ground: [line([75, 0], [75, 45]), line([35, 45], [115, 45]), line([48, 62], [102, 62]), line([62, 79], [88, 79])],
};
const hints = { orient: 'Look at the middle.', point: 'Two wires meet it.', show: 'It is drawn so.' };

function specification(expected: string, parts: Partial<Sketch['parts'][number]>[] = []): Sketch {
  const templates = Object.entries(signs).map(([label, drawing]) => ({ label, drawings: [drawing] }));
  const base = { points: 2, skill: 'circuits', hints };
  return sketchSchema.parse({
    kind: 'sketch',
    version: 1,
    canvas: { width: 600, height: 400 },
    expected,
    templates,
    ...base,
    points: 4,
    parts: parts.map((part) => ({ ...base, ...part })),
    others: [{ label: expected === 'lamp' ? 'resistor' : 'lamp', message: 'A lamp has a cross.' }],
  });
}
const lamp = specification('lamp', [
  { id: 'circle', label: 'the circle', strokes: [1] },
  { id: 'cross', label: 'the cross', strokes: [2, 3] },
  { id: 'wires', label: 'the wires', strokes: [0, 4] },
]);

/** The same drawing by another hand: elsewhere, in another size, leaning, wavering, its strokes in any order and direction. */
function byHand(drawing: Drawing, rng: Rng, steadiness = 1): Marks {
  const size = 1 + rng();
  const [x, y] = [40 + 200 * rng(), 30 + 150 * rng()];
  const lean = (rng() - 0.5) * 0.25;
  const turn = (rng() - 0.5) * 0.25;
  const stretch = 1 + (rng() - 0.5) * 0.3;
  const wobble = (): number => ((rng() - 0.5) * 5) / steadiness;
  const moved = drawing.map((stroke) => {
    const [dx, dy] = [wobble(), wobble()];
    return stroke.map(([px, py]): [number, number] => {
      const [u, v] = [(px + lean * py) * stretch, py];
      const [tx, ty] = [u * Math.cos(turn) - v * Math.sin(turn), u * Math.sin(turn) + v * Math.cos(turn)];
      return [x + size * (tx + dx + wobble() / 2), y + size * (ty + dy + wobble() / 2)];
    });
  });
  return inAnyOrder(moved, rng).map((points, index) => {
    const shape = { kind: 'stroke' as const, points: rng() < 0.5 ? points : points.toReversed() };
    return { id: `stroke-${index}`, label: '', shape };
  });
}

const scoreOf = ({ criteria }: GradingResult): Record<string, [number, string | null]> =>
  Object.fromEntries(criteria.map(({ criterionId, awarded, error }) => [criterionId, [awarded, error]]));

const hands = 16;

describe('a sketch', () => {
  it('is told by its nearest template, by whatever hand', () => {
    const wrong: string[] = [];
    for (const expected of Object.keys(signs)) {
      for (const [label, drawing] of Object.entries(signs)) {
        for (let hand = 0; hand < 3; hand++) {
          const result = gradeSketch(specification(expected), byHand(drawing, seededRng(`${label}${hand}`)));
          const [shape] = result.criteria;
          const isRight = label === expected ? shape!.error === null : shape!.hint?.parameters.seen === label;
          if (!isRight) wrong.push(`${label} of hand ${hand}: ${shape!.error}`);
          expect(shape!.awarded).toBe(shape!.error === null ? 4 : 0);
        }
      }
    }
    // of 75: drawings that are like nothing go to a teacher
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(1);
  });

  it('says what the teacher says about what it is taken for', () => {
    const result = gradeSketch(specification('capacitor'), byHand(signs.lamp!, seededRng('x')));
    expect(result.criteria[0]!.hint).toEqual({
      key: 'wrong-class',
      parameters: { seen: 'lamp', message: 'A lamp has a cross.' },
    });
  });

  it.each([
    ['nothing', [], { circle: null, cross: null, wires: null }],
    ['the cross', [2, 3], { circle: null, cross: 'missing-stroke', wires: null }],
    ['the wires', [0, 4], { circle: null, cross: null, wires: 'missing-stroke' }],
    ['the circle', [1], { circle: 'missing-stroke', cross: null, wires: null }],
  ])('tells which part is missing: %s', (_, without, errors) => {
    let right = 0;
    for (let hand = 0; hand < hands; hand++) {
      const drawing = signs.lamp!.filter((__, stroke) => !(without as number[]).includes(stroke));
      const score = scoreOf(gradeSketch(lamp, byHand(drawing, seededRng(`part${hand}`))));
      const expected = Object.entries({ shape: null, ...errors });
      if (expected.every(([id, error]) => score[id]![1] === error)) right++;
    }
    expect(right).toBeGreaterThanOrEqual(hands * 0.95);
  });

  it('shows where what is missing should be, in the drawing of the learner', () => {
    const without = signs.lamp!.filter((_, stroke) => stroke !== 2 && stroke !== 3);
    const marks = without.map((points, index) => ({
      id: `s${index}`,
      label: '',
      shape: { kind: 'stroke' as const, points: points.map(([x, y]): [number, number] => [2 * x + 100, 2 * y + 50]) },
    }));
    const cross = gradeSketch(lamp, marks).criteria.find(({ criterionId }) => criterionId === 'cross')!;
    const corners = cross.evidence.regions.flat();
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    for (const [found, meant] of [
      [Math.min(...xs), 208],
      [Math.max(...xs), 292],
      [Math.min(...ys), 108],
      [Math.max(...ys), 192],
    ])
      expect(Math.abs(found! - meant!)).toBeLessThan(12);
  });

  it('names strokes that belong to nothing, and takes nothing for them', () => {
    const marks = byHand(signs.lamp!, seededRng('extra'), 3);
    const extra = {
      id: 'flourish',
      label: '',
      shape: {
        kind: 'stroke' as const,
        points: [
          [560, 380],
          [590, 390],
        ] as [number, number][],
      },
    };
    const result = gradeSketch(lamp, [...marks, extra]);
    expect(result.extras.map(({ markId }) => markId)).toEqual(['flourish']);
    expect(result.total).toBe(result.maximum);
  });

  it('that is nothing, or a scribble, never passes, and is for a person to see', () => {
    expect(gradeSketch(lamp, [])).toMatchObject({ total: 0, flags: ['blank'] });
    const dot = { id: 'dot', label: '', shape: { kind: 'stroke' as const, points: [[5, 5]] as [number, number][] } };
    expect(gradeSketch(lamp, [dot])).toMatchObject({ total: 0, flags: ['blank'] });
    let passed = 0;
    for (let hand = 0; hand < hands; hand++) {
      const rng = seededRng(`scribble${hand}`);
      const points = Array.from({ length: 80 }, (): [number, number] => [600 * rng(), 400 * rng()]);
      const result = gradeSketch(lamp, [{ id: 's', label: '', shape: { kind: 'stroke', points } }]);
      if (result.total > 0) passed++;
      expect(result.confidence).toBeLessThan(0.75);
    }
    expect(passed).toBe(0);
  });

  it('scores the same in whatever order and direction its strokes were drawn', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(signs)), fc.string(), fc.string(), (label, hand, order) => {
        const marks = byHand(signs[label]!, seededRng(hand));
        const rng = seededRng(order);
        const other = inAnyOrder(marks, rng).map((mark) => {
          if (mark.shape.kind !== 'stroke' || rng() < 0.5) return mark;
          return { ...mark, shape: { ...mark.shape, points: mark.shape.points.toReversed() } };
        });
        const [one, two] = [gradeSketch(lamp, marks), gradeSketch(lamp, other)];
        expect(scoreOf(two)).toEqual(scoreOf(one));
        expect(two.confidence).toBeCloseTo(one.confidence, 9);
      }),
      { numRuns: 20 },
    );
  });

  it('every lost point has an error, a region and a hint', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(signs)), fc.string(), fc.nat(4), (label, hand, without) => {
        const drawing = signs[label]!.filter((_, stroke) => stroke !== without);
        for (const each of gradeSketch(lamp, byHand(drawing, seededRng(hand))).criteria) {
          if (each.awarded === each.points) continue;
          expect(each.error).not.toBeNull();
          expect(each.hint).not.toBeNull();
          expect(each.evidence.regions.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the specification of a sketch', () => {
  const faultsOf = (change: object): string[] => {
    const parsed = sketchSchema.safeParse({ ...lamp, ...change });
    return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  it('says precisely what is wrong with it', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ expected: 'diode' })).toContain('expected: No template has the label "diode".');
    const [circle, cross] = lamp.parts;
    expect(faultsOf({ parts: [circle, { ...cross, id: 'circle' }] })).toEqual([
      'parts.1.id: "circle" is taken: give each part its own id.',
    ]);
    expect(faultsOf({ parts: [circle, { ...cross, strokes: [1, 5] }] })).toEqual([
      'parts.1.strokes.0: Stroke 1 belongs to the part "circle" already.',
      'parts.1.strokes.1: The first drawing of "lamp" has the strokes 0 to 4.',
    ]);
    expect(faultsOf({ others: [{ label: 'diode', message: 'No.' }] })).toEqual([
      'others.0.label: No template has the label "diode".',
    ]);
    const still = {
      label: 'dot',
      drawings: [
        [
          [[1, 1]],
          [
            [1, 1],
            [1, 1],
          ],
        ],
      ],
    };
    expect(faultsOf({ templates: [...lamp.templates, still] })).toEqual([
      'templates.5.drawings.0: is all in one place: nothing is drawn',
    ]);
  });
});

function inAnyOrder<T>(items: readonly T[], rng: Rng): T[] {
  return items
    .map((item) => ({ item, order: rng() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
