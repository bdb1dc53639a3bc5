import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { Graders } from '../use-cases/graders.js';
import { ClassifyGrader } from './classify/classify.grader.js';
import { DiagramGrader } from './diagram/diagram.grader.js';
import { FunctionPlotGrader } from './function-plot/function-plot.grader.js';
import { curveThrough } from './function-plot/values-curve.js';
import { LabPhotoGrader } from './lab-photo/lab-photo.grader.js';
import { LabelledPartsGrader } from './labelled-parts/labelled-parts.grader.js';
import { ProjectGrader } from './project/project.grader.js';
import { SketchGrader } from './sketch/sketch.grader.js';
import { KnownSpecifications } from '../policy/known-specifications.js';
import { parseDraft, readMarks, type Specification } from './specification.js';

const hints = { orient: 'Look.', point: 'There.', show: 'So.' };
const base = { points: 2, skill: 'cells', hints };
const never = {
  execute: unasked,
  measure: unasked,
  open: unasked,
  judge: unasked,
  read: unasked,
  detect: unasked,
  figures: unasked,
};
function unasked(): never {
  throw new Error('Nothing is asked where work is told in words.');
}

const graders = new Graders({
  'labelled-parts': new LabelledPartsGrader(never),
  diagram: new DiagramGrader(never, never),
  'function-plot': new FunctionPlotGrader(),
  sketch: new SketchGrader(),
  classify: new ClassifyGrader(never),
  'lab-photo': new LabPhotoGrader(never),
  project: new ProjectGrader(never, never),
});

function specify(kind: string, rest: object): Specification {
  const parsed = parseDraft({ kind, version: 1, ...rest });
  if (isFailure(parsed)) throw new Error(JSON.stringify(parsed));
  return parsed;
}

async function grade(specification: Specification, marks: readonly object[]) {
  const read = readMarks(specification, marks);
  if (isFailure(read)) return read;
  const around = { actor: dangerousSystemActor('018f3b9e-7c1d-7000-8000-000000000001'), courseId: 'course' };
  return graders.grade({ ...around, specification, marks: read, pictures: [], file: null, template: null });
}

const issuesOf = async (specification: Specification, marks: readonly object[]) => {
  const told = await grade(specification, marks);
  return isFailure(told) ? (told.issues ?? []).map(({ path, message }) => `${path}: ${message}`) : [];
};

const square = (left: number): [number, number][] => [
  [left, 10],
  [left + 50, 10],
  [left + 50, 60],
  [left, 60],
];
const cell = specify('labelled-parts', {
  image: { width: 400, height: 100 },
  tolerance: 0.01,
  parts: ['Nucleus', 'Vacuole', 'Cell wall'].map((label, at) => ({
    ...base,
    id: `p${at}`,
    label,
    place: `abc`[at],
    polygons: [square(100 * at + 10)],
  })),
});
const named = (place: string, label: string) => ({ id: `m-${place}`, label, shape: { kind: 'place', place } });

describe('labels that are told by the names of places', () => {
  it('earn what marks on the picture earn, whatever is wrong', async () => {
    const labels = ['nucleus', 'vacuole', 'cell wall', 'nuclues', 'something else', ''];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...labels), { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        async (texts, isTurned) => {
          const order = isTurned ? [2, 0, 1] : [0, 1, 2];
          const told = order.map((at) => named('abc'[at]!, texts[at]!));
          const drawn = order.map((at) => ({
            id: `m-${'abc'[at]}`,
            label: texts[at]!,
            shape: { kind: 'polygon', points: square(100 * at + 10) },
          }));
          const [inWords, onPicture] = [await grade(cell, told), await grade(cell, drawn)];
          expect(inWords).toEqual({
            ...onPicture,
            grader: { name: 'labelled-parts-in-words', version: 1, modelId: null },
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are refused where a place is named twice or has no description, and beside drawn marks', async () => {
    const drawn = { id: 'd', label: 'nucleus', shape: { kind: 'point', x: 1, y: 1 } };
    expect(await issuesOf(cell, [named('a', 'nucleus'), { ...named('a', 'vacuole'), id: 'other' }])).toEqual([
      'marks.1.shape.place: names the place "a" twice',
    ]);
    expect(await issuesOf(cell, [named('a', 'nucleus'), drawn])).toEqual([
      'marks.1.shape.kind: is told in words, so every shape is one of place, text',
    ]);
    const plain = specify('labelled-parts', {
      ...cell,
      parts: [{ ...base, id: 'p', label: 'P', polygons: [square(0)] }],
    });
    expect(await issuesOf(plain, [named('a', 'p')])).toEqual([
      'marks.0.shape.place: the places of this picture have no descriptions: tell it as a text',
    ]);
  });

  it('need a form that describes the place of every part', () => {
    const places = ['a', 'b'].map((id) => ({ id, description: 'A body.' }));
    const form = { kind: 'marks', image: 'media/cell.png' } as const;
    const known = new KnownSpecifications();
    expect(known.issuesOf({ ...form, places: [...places, { id: 'c', description: 'A rim.' }] }, cell)).toEqual([]);
    expect(known.issuesOf({ ...form, places }, cell).map(({ path }) => path)).toEqual(['parts.2.place']);
    expect(known.issuesOf(form, cell)).toHaveLength(3);
  });
});

const chart = specify('diagram', {
  canvas: { width: 400, height: 400 },
  nodes: [
    { ...base, id: 'ripe', type: 'decision', label: 'Ripe?' },
    { ...base, id: 'eat', type: 'process', label: 'Eat' },
  ],
  edges: [{ ...base, id: 'yes', source: 'ripe', target: 'eat', label: 'Yes' }],
});
const figure = (id: string, type: string, label: string) => ({ id, label, shape: { kind: 'figure', type } });
const arrow = (from: string, to: string, label = 'Yes') => ({
  id: `${from}-${to}`,
  label,
  shape: { kind: 'arrow', from, to },
});

describe('a diagram that is told', () => {
  const figures = [figure('one', 'decision', 'Ripe?'), figure('two', 'process', 'eat')];
  it('is right, or wrong where it is', async () => {
    expect(await grade(chart, [...figures, arrow('one', 'two')])).toMatchObject({
      total: 6,
      flags: [],
      confidence: 0.98,
    });
    expect(await grade(chart, [...figures, arrow('two', 'one')])).toMatchObject({
      total: 5,
      criteria: [
        { error: null },
        { error: null },
        { error: 'reversed', evidence: { markIds: ['two-one'], regions: [] } },
      ],
    });
    expect(await grade(chart, [figures[0]!])).toMatchObject({
      criteria: [{ error: null }, { error: 'missing' }, { error: 'missing' }],
    });
  });

  it('is refused where an arrow leads to nothing, or a figure is of no type', async () => {
    const marks = [...figures, arrow('one', 'three'), arrow('one', 'one'), figure('four', 'hexagon', '')];
    expect(await issuesOf(chart, marks)).toEqual([
      'marks.2.shape.to: there is no figure "three"',
      'marks.3.shape.to: an arrow joins two figures',
      'marks.4.shape.type: is none of process, data, decision, terminator, connection',
    ]);
  });
});

const value = (x: number, y: number) => ({ id: `v${x}`, label: '', shape: { kind: 'value', x, y } });

describe('a curve that is told as points', () => {
  const plot = specify('function-plot', {
    canvas: { width: 400, height: 400 },
    axes: { x: { pixels: [0, 400], values: [-2, 2] }, y: { pixels: [400, 0], values: [-1, 4] } },
    features: [
      { ...base, id: 'bowl', label: 'Open upwards', feature: 'curvature', on: [-1.5, 1.5], direction: 'upwards' },
      { ...base, id: 'low', label: 'Lowest at 0', feature: 'extremum', at: [0, 0], extremum: 'minimum' },
      {
        ...base,
        id: 'all',
        label: 'x²',
        feature: 'follows',
        curve: Array.from({ length: 41 }, (_, i) => [i / 10 - 2, (i / 10 - 2) ** 2]),
      },
    ],
  });

  it('has the features of the curve through them, in any order', async () => {
    const parabola = [2, -1, 0, 1, -2].map((x) => value(x, x * x));
    expect(await grade(plot, parabola)).toMatchObject({ total: 6, flags: [] });
    const cap = [-2, -1, 0, 1, 2].map((x) => value(x, 4 - x * x));
    expect(await grade(plot, cap)).toMatchObject({
      total: 0,
      criteria: [{ error: 'wrong-curvature' }, { error: 'off-point' }, { error: 'off-curve' }],
    });
  });

  it('never goes beyond its points, nor turns between them', () => {
    const steps = fc.array(
      fc.tuple(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })),
      {
        minLength: 2,
        maxLength: 9,
      },
    );
    fc.assert(
      fc.property(steps, (given) => {
        let x = 0;
        const points = given.map(([step, y]): [number, number] => [(x += step), y]);
        const curve = curveThrough(points.toReversed());
        for (let i = 1; i < points.length; i++) {
          const [from, to] = [points[i - 1]!, points[i]!];
          const part = curve.filter(([at]) => at >= from[0] && at <= to[0]).map(([, y]) => y);
          const sign = Math.sign(to[1] - from[1]);
          part.slice(1).forEach((y, at) => expect(sign * (y - part[at]!)).toBeGreaterThanOrEqual(-1e-9));
        }
        expect(curve.at(-1)).toEqual(points.at(-1));
      }),
    );
  });

  it('is refused off the axes, with two values at one place, and as one point', async () => {
    expect(await issuesOf(plot, [value(3, 1), value(0, 9)])).toEqual([
      'marks.0.shape.x: lies beyond the x-axis, -2 to 2',
      'marks.1.shape.y: lies beyond the y-axis, -1 to 4',
    ]);
    expect(await issuesOf(plot, [value(0, 1), { ...value(0, 2), id: 'again' }, value(1, 1)])).toEqual([
      'marks.1.shape.x: is there twice: a function has one value at 0',
    ]);
    expect(await issuesOf(plot, [value(0, 1)])).toEqual(['marks.0.shape.x: a curve takes at least two points']);
  });
});

describe('readings that are told in place of a photo', () => {
  const region = square(0).map(([x, y]) => [x / 100, y / 100]);
  const lab = specify('lab-photo', {
    scale: { region, length: 10, unit: 'mm' },
    criteria: [
      {
        ...base,
        id: 'seeds',
        label: 'Seeds',
        measure: 'count',
        of: 'seeds',
        low: 9,
        high: 11,
        partial: { margin: 2, share: 0.5 },
      },
      { ...base, id: 'leaf', label: 'Leaf', measure: 'length', region, expected: 30, tolerance: 2 },
      { ...base, id: 'red', label: 'Red', measure: 'colour', region, target: [53, 80, 67], tolerance: 5 },
    ],
  });
  const reading = (of: string, told: number) => ({ id: of, label: '', shape: { kind: 'reading', of, value: told } });

  it('are scored by the criteria; what no number tells is left to a teacher', async () => {
    expect(await grade(lab, [reading('leaf', 25), reading('seeds', 12)])).toMatchObject({
      grader: { name: 'lab-photo-in-words' },
      total: 1,
      confidence: 0.4,
      criteria: [
        { awarded: 1, error: 'miscounted', evidence: { markIds: ['seeds'] } },
        { awarded: 0, error: 'wrong-length', hint: { parameters: { measured: 25, unit: 'mm', side: 'below' } } },
        { awarded: 0, error: 'missing' },
      ],
    });
  });

  it('are refused for what is not measured, for colours, and twice', async () => {
    expect(
      await issuesOf(lab, [
        reading('red', 1),
        reading('blue', 1),
        reading('leaf', 1),
        { ...reading('leaf', 2), id: 'x' },
      ]),
    ).toEqual([
      'marks.0.shape.of: a colour is no number: tell it as a text',
      'marks.1.shape.of: nothing is measured that is called "blue"',
      'marks.3.shape.of: is told twice',
    ]);
    const known = new KnownSpecifications();
    const form = { kind: 'picture', readings: [{ id: 'seeds', label: 'Seeds' }] } as const;
    expect(known.issuesOf({ ...form, readings: [...form.readings] }, lab)).toEqual([]);
    expect(known.issuesOf({ kind: 'picture', readings: [{ id: 'red', label: 'Red' }] }, lab)).toHaveLength(1);
  });
});

describe('a description in words', () => {
  const text = { id: 't', label: '', shape: { kind: 'text', text: 'A switch: a lever that is open.' } };
  it.each([
    ['labels', cell],
    ['a diagram', chart],
    [
      'a sketch',
      specify('sketch', {
        canvas: { width: 100, height: 100 },
        expected: 's',
        templates: [{ label: 's', drawings: [[square(0)]] }],
        ...base,
      }),
    ],
    ['a picture', specify('classify', { model: 'Cells', expected: 'a', ...base })],
  ])('is taken in place of %s, and read by a teacher', async (_, specification) => {
    expect(await grade(specification, [text])).toMatchObject({ kind: 'ungraded', reason: 'in-words' });
  });

  it('is not taken for a project, nor where it is empty', async () => {
    const testSet = '018f3b9e-7c1d-7000-8000-000000000001';
    const criteria = [{ ...base, id: 'a', label: 'A', measure: 'accuracy', floor: 0.5, target: 0.9 }];
    expect(await issuesOf(specify('project', { testSet, criteria }), [text])).toHaveLength(1);
    expect(await issuesOf(cell, [{ ...text, shape: { kind: 'text', text: '  ' } }])).toHaveLength(1);
  });
});
