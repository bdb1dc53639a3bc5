import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import type { NotMeasured, PhotoFinding, PhotoMeasured, PhotoQuality, PhotoRequest } from '../../photo.ports.js';
import { gaugeReading } from './grade-photo.js';
import { LabPhotoGrader } from './lab-photo.grader.js';
import { labPhotoSchema } from './lab-photo.js';

const hints = { orient: 'Look.', point: 'There.', show: 'So.' };
const region = [
  [0.1, 0.1],
  [0.4, 0.1],
  [0.4, 0.4],
] as const;
const outline = [
  [10, 10],
  [20, 10],
  [20, 20],
] as const;
const base = { points: 4, skill: 'microscopy', hints };
const count = { ...base, id: 'nuclei', label: 'Nuclei', measure: 'count', of: 'nuclei', low: 10, high: 14 };
const colour = {
  ...base,
  id: 'red',
  label: 'Red',
  measure: 'colour',
  region,
  target: [53.2, 80.1, 67.2],
  tolerance: 5,
};
const gauge = {
  ...base,
  id: 'pressure',
  label: 'Pressure',
  measure: 'gauge',
  centre: [0.5, 0.5],
  radius: 0.3,
  from: { angle: 225, value: 0 },
  to: { angle: 135, value: 10 },
  unit: 'bar',
  expected: 5,
  tolerance: 0.3,
};
const length = { ...base, id: 'leaf', label: 'Leaf', measure: 'length', region, expected: 30, tolerance: 2 };
const scale = { region, length: 10, unit: 'mm' };
const parse = (...criteria: object[]) => labPhotoSchema.parse({ kind: 'lab-photo', version: 1, scale, criteria });

const good: PhotoQuality = { brightest: 90, contrast: 60, blur: 1 };
const bar: PhotoFinding = { kind: 'length', length: 0.2, outline };
const counted = (number: number, [least, most] = [number, number]): PhotoFinding => ({
  kind: 'counted',
  count: number,
  least,
  most,
  things: [{ outline, area: 0.01, colour: [0, 0, 0] }],
});

const gradeMeasured = (specification: ReturnType<typeof parse>, measured: PhotoMeasured | NotMeasured) => {
  const requests: PhotoRequest[] = [];
  const measure = (_: Uint8Array, request: PhotoRequest) => {
    requests.push(request);
    return Promise.resolve(measured);
  };
  const file = { kind: 'picture', bytes: new Uint8Array(), width: 100, height: 100 } as const;
  const id = '018f3b9e-7c1d-7000-8000-000000000001';
  const actor = dangerousSystemActor(id);
  return new LabPhotoGrader({ measure })
    .grade({ actor, courseId: id, specification, marks: [], file, picture: null })
    .then((result) => ({ result, requests }));
};
const criterionOf = async (criterion: object, finding: PhotoFinding) => {
  const findings = [bar, finding];
  const { result } = await gradeMeasured(parse(criterion), { kind: 'measured', quality: good, findings });
  if (result.kind !== 'graded') throw new Error(result.reason);
  return result.criteria[0]!;
};

describe('a photo of laboratory work', () => {
  it('is scored by what is counted, with outlines as evidence and what was expected in the hint', async () => {
    expect(await criterionOf(count, counted(12))).toMatchObject({
      awarded: 4,
      confidence: 0.97,
      error: null,
      hint: null,
      evidence: { regions: [outline] },
    });
    expect(await criterionOf(count, counted(16))).toMatchObject({
      awarded: 0,
      error: 'miscounted',
      hint: { key: 'miscounted', parameters: { of: 'nuclei', counted: 16, low: 10, high: 14 } },
      evidence: { regions: [outline] },
    });
    const lenient = { ...count, partial: { margin: 2, share: 0.5 } };
    const awarded = async (number: number) => (await criterionOf(lenient, counted(number))).awarded;
    expect(await Promise.all([7, 8, 9, 10, 14, 16, 17].map(awarded))).toEqual([0, 2, 2, 4, 4, 2, 0]);
  });

  it('goes to a teacher where a count could well be another, or nothing is found', async () => {
    expect((await criterionOf(count, counted(12, [11, 13]))).confidence).toBe(0.9);
    expect((await criterionOf(count, counted(14, [13, 16]))).confidence).toBe(0.6);
    expect((await criterionOf(count, counted(0))).confidence).toBeLessThan(0.75);
    expect(await criterionOf(gauge, { kind: 'nothing' })).toMatchObject({
      awarded: 0,
      confidence: 0.4,
      error: 'missing',
    });
  });

  it('is scored by a colour, a reading and a length', async () => {
    const red = { kind: 'colour', colour: [1, 0, 0], spread: 0.01, outline } as const;
    expect(await criterionOf(colour, red)).toMatchObject({ awarded: 4, confidence: 0.95 });
    expect(await criterionOf(colour, { ...red, colour: [0.8, 0.3, 0] })).toMatchObject({
      awarded: 0,
      error: 'wrong-colour',
      hint: { parameters: { tolerance: 5 } },
    });
    expect((await criterionOf(colour, { ...red, spread: 0.3 })).confidence).toBe(0.6);
    const needle = { kind: 'needle', angle: 0, clearness: 0.6, outline } as const;
    expect(await criterionOf(gauge, needle)).toMatchObject({ awarded: 4, confidence: 0.95, error: null });
    expect(await criterionOf(gauge, { ...needle, angle: 54 })).toMatchObject({
      error: 'wrong-reading',
      hint: { key: 'wrong-reading', parameters: { read: 7, unit: 'bar', side: 'above' } },
    });
    expect((await criterionOf(gauge, { ...needle, angle: 8 })).confidence).toBe(0.7);
    expect((await criterionOf(gauge, { ...needle, clearness: 0.1 })).confidence).toBe(0.6);
    // The bar of 10 mm is a fifth of the picture long.
    expect(await criterionOf(length, { ...bar, length: 0.6 })).toMatchObject({ awarded: 4, error: null });
    expect(await criterionOf(length, { ...bar, length: 0.5 })).toMatchObject({
      error: 'wrong-length',
      hint: { parameters: { measured: 25, unit: 'mm', side: 'below' } },
    });
  });

  it('asks for its scale, its card and its criteria in one go', async () => {
    const card = [1, 2, 3].map((at) => ({ region, lab: [30 * at, 0, 0] }));
    const specification = labPhotoSchema.parse({
      kind: 'lab-photo',
      version: 1,
      frame: { aspect: 1.5 },
      scale,
      card,
      criteria: [count, colour, gauge, length],
    });
    const grey = (light: number): PhotoFinding => ({
      kind: 'colour',
      colour: [light, light, light],
      spread: 0,
      outline,
    });
    const findings = [
      bar,
      grey(0.031),
      grey(0.14),
      grey(0.38),
      counted(12),
      { ...grey(0.4), colour: [0.5, 0, 0] as const },
      { kind: 'nothing' } as const,
      bar,
    ];
    const { result, requests } = await gradeMeasured(specification, { kind: 'measured', quality: good, findings });
    expect(requests).toMatchObject([
      {
        frame: { aspect: 1.5 },
        tasks: ['length', 'colour', 'colour', 'colour', 'count', 'colour', 'needle', 'length'].map((kind) => ({
          kind,
        })),
      },
    ]);
    // The card shows that the photo has half of the light, so the dull red is a bright one.
    expect(result).toMatchObject({ kind: 'graded', maximum: 16, criteria: [{ awarded: 4 }, { awarded: 4 }, {}, {}] });
  });

  it('that nothing can be measured on is not scored, and its learner hears what to do', async () => {
    const detailOf = async (quality: Partial<PhotoQuality>) => {
      const measured = { kind: 'measured', quality: { ...good, ...quality }, findings: [bar, counted(12)] } as const;
      const { result } = await gradeMeasured(parse(count), measured);
      return result.kind === 'ungraded' ? [result.reason, result.detail] : result.kind;
    };
    expect(await detailOf({})).toBe('graded');
    expect(await detailOf({ brightest: 20 })).toEqual(['photo-unusable', expect.stringContaining('too dark')]);
    expect(await detailOf({ contrast: 2 })).toEqual(['photo-unusable', expect.stringContaining('nothing to be seen')]);
    expect(await detailOf({ blur: 12 })).toEqual(['photo-unusable', expect.stringContaining('blurred')]);
    const missing = { kind: 'not-measured', reason: 'frame-missing', detail: '', quality: good } as const;
    expect((await gradeMeasured(parse(count), missing)).result).toMatchObject({
      reason: 'photo-unusable',
      detail: expect.stringContaining('corner markers'),
    });
    const slow = { ...missing, reason: 'too-slow', quality: null } as const;
    expect((await gradeMeasured(parse(count), slow)).result).toMatchObject({
      reason: 'photo-unmeasured',
      isPassing: false,
    });
    expect((await gradeMeasured(parse(count), { ...slow, reason: 'crashed' })).result).toMatchObject({
      isPassing: true,
    });
  });

  it('is specified by a specification that says precisely what is wrong with it', () => {
    const issuesOf = (criterion: object, more: object = {}) =>
      labPhotoSchema
        .safeParse({ kind: 'lab-photo', version: 1, scale, ...more, criteria: [criterion] })
        .error!.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(issuesOf({ ...count, low: 20 })).toEqual(['criteria.0.high: must not be below `low`']);
    expect(issuesOf({ ...gauge, expected: 11 })).toEqual(['criteria.0.expected: is not on the scale']);
    expect(issuesOf(length, { scale: undefined })).toEqual(['criteria.0.measure: needs a `scale`']);
    const bow = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ] as const;
    expect(issuesOf({ ...count, region: bow })).toContainEqual(
      expect.stringMatching(/^criteria\.0\.region: crosses itself/),
    );
  });
});

describe('a gauge', () => {
  it('shows what stands between the ends of its scale, and never more than that', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 359 }), (share, from) => {
        const ends = { from: { angle: from, value: 2 }, to: { angle: (from + 270) % 360, value: 8 } };
        expect(gaugeReading(ends, from + 270 * share).value).toBeCloseTo(2 + 6 * share, 6);
        expect(gaugeReading(ends, from - 5).value).toBe(2);
        expect(gaugeReading(ends, from + 275).value).toBe(8);
      }),
    );
  });
});
