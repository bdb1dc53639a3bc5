import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { newId } from '../support/api.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import { until } from '../support/until.js';

const hints = { orient: 'Look at the middle.', point: 'Two lines cross there.', show: 'It is a cross in a circle.' };
const canvas = { width: 400, height: 300 };
const circle = Array.from({ length: 25 }, (_, i): [number, number] => [
  60 + 40 * Math.cos((i * Math.PI) / 12),
  60 + 40 * Math.sin((i * Math.PI) / 12),
]);
const line = (...points: [number, number][]) => points;
const lamp = [circle, line([32, 32], [88, 88]), line([32, 88], [88, 32])];
const resistor = [
  line([0, 60], [20, 60]),
  line([20, 40], [100, 40], [100, 80], [20, 80], [20, 40]),
  line([100, 60], [120, 60]),
];

const sketch = {
  kind: 'sketch',
  version: 1,
  canvas,
  expected: 'lamp',
  templates: [
    { label: 'lamp', drawings: [lamp] },
    { label: 'resistor', drawings: [resistor] },
  ],
  points: 3,
  skill: 'shapes',
  hints,
  parts: [{ id: 'cross', label: 'the cross', strokes: [1, 2], points: 2, skill: 'shapes', hints }],
  others: [{ label: 'resistor', message: 'A resistor is a box.' }],
};
const plot = {
  kind: 'function-plot',
  version: 1,
  canvas,
  axes: { x: { pixels: [0, 400], values: [-2, 2] }, y: { pixels: [300, 0], values: [-1, 4] } },
  features: [
    {
      feature: 'curvature',
      id: 'bowl',
      label: 'Open upwards',
      on: [-1.5, 1.5],
      direction: 'upwards',
      points: 2,
      skill: 'shapes',
      hints,
    },
    {
      feature: 'extremum',
      id: 'vertex',
      label: 'Lowest at 0',
      at: [0, 0],
      extremum: 'minimum',
      points: 1,
      skill: 'shapes',
      hints,
    },
  ],
};
const curve = (f: (x: number) => number) =>
  Array.from({ length: 41 }, (_, i): [number, number] => {
    const x = -2 + i / 10;
    return [100 * (x + 2), 300 - 60 * (f(x) + 1)];
  });

const submission = `query ($id: UUID!) { submission(id: $id) { id state scores { total maximum flags grader
  criteria { criterionId awarded points error regions hint { key parameters } } } } }`;

/** Work that is drawn with a pen on a canvas, from the teacher's specification to a hint. */
describe('drawn work', () => {
  let place: ModelSchool;
  let lampId: string;
  let plotId: string;

  beforeAll(async () => {
    place = await ModelSchool.open('drawing-board');
    const form = { kind: 'strokes', ...canvas };
    [lampId, plotId] = [(await place.assign(sketch, { form })).id, (await place.assign(plot, { form })).id];
  }, 60_000);
  afterAll(() => place?.close());

  /** Hands strokes in, moved by some pixels, and waits for what is made of them. */
  const draw = async (
    assignmentId: string,
    strokes: readonly (readonly [number, number])[][],
    by = 0,
  ): Promise<Told> => {
    const marks = strokes.map((points, index) => ({
      id: `stroke-${index}`,
      shape: { kind: 'stroke', points: points.map(([x, y], at) => [x + by, y + by, 10 * at]) },
    }));
    const input = { id: newId(), assignmentId, marks, at: new Date().toISOString() };
    await place.mustCall('SubmittedWork', place.learner, operations.submitWork, { input });
    let found: Told;
    await until(async () => {
      found = await place.call(place.learner, { document: submission }, { id: input.id });
      return found.state !== 'queued';
    });
    return found;
  };
  const criteriaOf = ({ scores }: Told): Record<string, Told> =>
    Object.fromEntries(scores.at(-1).criteria.map((each: Told) => [each.criterionId, each]));

  it('is scored by the teacher’s own drawing, wherever and however large it is drawn', async () => {
    const larger = lamp.map((stroke) => stroke.map(([x, y]): [number, number] => [2 * x + 30, 2 * y + 10]));
    const { state, scores } = await draw(lampId, larger.toReversed());
    expect(state).toBe('graded');
    expect(scores.at(-1)).toMatchObject({ total: 5, maximum: 5, grader: 'sketch' });
  });

  it('says what it looks like, in the teacher’s words', async () => {
    const { shape } = criteriaOf(await draw(lampId, resistor, 40));
    expect(shape).toMatchObject({ awarded: 0, error: 'wrong-class' });
    expect(JSON.stringify(shape.hint)).toContain('A resistor is a box.');
  });

  it('shows where what is missing should be, and hints at it step by step', async () => {
    const handedIn = await draw(lampId, [circle], 60);
    const { cross, shape } = criteriaOf(handedIn);
    expect(shape.error).toBeNull();
    expect(cross).toMatchObject({ awarded: 0, error: 'missing-stroke', hint: { key: 'missing-stroke' } });
    const told: string[] = [];
    for (let step = 1; step <= 3; step++) {
      const input = { id: newId(), submissionId: handedIn.id, criterionId: 'cross', at: new Date().toISOString() };
      told.push((await place.call(place.learner, operations.requestWorkHint, { input })).text);
    }
    expect(told).toEqual([
      `A part of the drawing is missing. ${hints.orient}`,
      `the cross: that is missing. ${hints.point}`,
      hints.show,
    ]);
  });

  it('gives nothing away before the last hint, where the teacher says so', async () => {
    const form = { kind: 'strokes', ...canvas };
    const { id: assignmentId } = await place.assign({ ...sketch, hints: { ...hints, answerLast: true } }, { form });
    const { id: submissionId } = await draw(assignmentId, resistor, 40);
    const shapeFor = async (person: typeof place.learner): Promise<Told> =>
      criteriaOf(await place.call(person, { document: submission }, { id: submissionId }))['shape'];
    for (const text of [
      `This looks like something else. ${hints.orient}`,
      `This looks like something else. ${hints.point}`,
      hints.show,
    ]) {
      expect(JSON.stringify(await shapeFor(place.learner))).not.toContain('resistor');
      const input = { id: newId(), submissionId, criterionId: 'shape', at: new Date().toISOString() };
      expect((await place.call(place.learner, operations.requestWorkHint, { input })).text).toBe(text);
    }
    expect(JSON.stringify(await shapeFor(place.learner))).toContain('A resistor is a box.');
    expect(JSON.stringify(await shapeFor(place.school.teacher))).toContain('A resistor is a box.');
  });

  it('is read as a function, and told where it fails first', async () => {
    expect((await draw(plotId, [curve((x) => x * x)])).scores.at(-1)).toMatchObject({ total: 3, maximum: 3 });
    const { bowl, vertex } = criteriaOf(await draw(plotId, [curve((x) => 3 - x * x)]));
    expect(bowl).toMatchObject({ awarded: 0, error: 'wrong-curvature', hint: { key: 'interval' } });
    expect(vertex).toMatchObject({ awarded: 0, error: 'off-point' });
  });

  it('that is blank is for a teacher, and never passes', async () => {
    const { state, scores } = await draw(plotId, []);
    expect(state).toBe('needs-review');
    expect(scores.at(-1)).toMatchObject({ total: 0, flags: ['blank'] });
  });

  it('is refused where it is no drawing, and so is a specification with a fault', async () => {
    const marks = [{ id: 'm', label: 'lamp', shape: { kind: 'point', x: 1, y: 1 } }];
    const input = { id: newId(), assignmentId: lampId, marks, at: new Date().toISOString() };
    const refused = await place.call(place.learner, operations.submitWork, { input });
    expect(refused).toMatchObject({ __typename: 'InvalidInput' });
    expect(JSON.stringify(refused)).toContain('a drawing is made of strokes');
    const faulty = { ...sketch, expected: 'diode' };
    const told = await place.createActivity(faulty, { kind: 'strokes', ...canvas } as { kind: string });
    expect(JSON.stringify(told)).toContain('No template has the label \\"diode\\".');
  });
});
