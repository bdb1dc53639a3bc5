import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.js';
import type { LiveAgreement } from '../model/model-package.js';
import { binomialTail } from './check-golden.js';
import { driftFloor, driftLine, driftNumbers } from './live-drift.js';

const { window } = driftNumbers;

function aClassifier(accuracy: number | undefined, examples = 60, labels = 2): Manifest {
  const perClass = Array.from({ length: labels }, (_, at) => ({ label: `${at}`, examples: examples / labels }));
  const metrics = { split: 'test', examples, groups: 20, overall: { accuracy }, perClass };
  return { task: 'image-classification', metrics } as unknown as Manifest;
}

const live = (agreed: number, unlooked = 0, settled: number = window): LiveAgreement => ({ settled, agreed, unlooked });
const stays = (manifest: Manifest, agreement: LiveAgreement): boolean => driftLine(manifest, agreement)?.isMet ?? true;

describe('drift on live work', () => {
  it('is measured against what the model has shown, less what a version may lose', () => {
    // Of 60, .9 right: the lower bound is .7985.
    expect(driftFloor(aClassifier(0.9))).toBeCloseTo(0.7485, 3);
    expect(driftFloor(aClassifier(0.95, 2_000))).toBeCloseTo(0.889, 2);
    expect(driftFloor(aClassifier(0.6))).toBe(0.5);
    expect(driftFloor(aClassifier(undefined))).toBeNull();
    expect(driftFloor({ ...aClassifier(0.9), task: 'object-detection' })).toBeNull();
  });

  it('shows where teachers surely agree less often, and says so in numbers', () => {
    // Upper bounds: .7604 of 32, .7414 of 31.
    expect(stays(aClassifier(0.9), live(32))).toBe(true);
    expect(driftLine(aClassifier(0.9), live(31))).toEqual({
      name: 'agreement with teachers on live work',
      required: 'upper 95 % bound at least 0.749',
      measured: '0.741: of the last 50 works that teachers settled, 31 as it judged',
      isMet: false,
    });
    expect(driftLine(aClassifier(0.9), live(0, 10))!.measured).toContain('; 10 between them stand without a look');
  });

  it('says nothing of fewer works', () => {
    expect(driftLine(aClassifier(0.9), live(0, 0, window - 1))).toBeNull();
  });

  it('does not show where teachers looked at the mistakes only', () => {
    // A model that is right on 95 % of 1,000 works, and a teacher who corrects the other 50.
    expect(stays(aClassifier(0.9), live(0, 950))).toBe(true);
  });

  const manifests = fc
    .record({ accuracy: fc.double({ min: 0, max: 1, noNaN: true }), examples: fc.integer({ min: 10, max: 5_000 }) })
    .map(({ accuracy, examples }) => aClassifier(accuracy, examples));
  const agreements = fc.record({
    agreed: fc.integer({ min: 0, max: window - 1 }),
    unlooked: fc.integer({ min: 0, max: 500 }),
  });

  it('never comes of more agreement', () => {
    fc.assert(
      fc.property(manifests, agreements, (manifest, { agreed, unlooked }) => {
        if (!stays(manifest, live(agreed, unlooked))) return;
        expect(stays(manifest, live(agreed + 1, unlooked))).toBe(true);
        expect(stays(manifest, live(agreed, unlooked + 1))).toBe(true);
      }),
    );
  });

  it('never takes a model down with which teachers agree as often as it has shown', () => {
    fc.assert(
      fc.property(manifests, agreements, (manifest, { agreed, unlooked }) => {
        const share = (agreed + unlooked) / (window + unlooked);
        if (share >= driftFloor(manifest)!) expect(stays(manifest, live(agreed, unlooked))).toBe(true);
      }),
    );
  });

  it.each([
    [0.65, 60],
    [0.9, 60],
    [0.95, 2_000],
  ])(
    'takes a model that is as good as it says (%d of %d) for worse less than once in a thousand windows',
    (accuracy, n) => {
      const manifest = aClassifier(accuracy, n);
      const most = Array.from({ length: window + 1 }, (_, agreed) => agreed).findLast(
        (a) => !stays(manifest, live(a)),
      )!;
      expect(binomialTail(most, window, accuracy)).toBeLessThan(1e-3);
    },
  );
});
