import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.js';
import type { ShadowComparison, Verification } from '../model/model-package.js';
import type { GateInput } from './gate-input.js';
import { promotionGate } from './promotion-gate.js';

const now = new Date('2026-03-20T12:00:00Z');
const verification: Verification = {
  golden: { tensor: 1e-6, picture: 0, right: 4, labelled: 4 },
  runtime: 'tests',
  latency: { median: 5, p95: 8 },
  memory: 1e8,
};

type Metrics = Manifest['metrics'];

/** What a gate reads of a classifier that passes. */
function aClassifier(metrics: Partial<Metrics> = {}): Manifest {
  const perClass = ['a', 'b'].map((label) => ({ label, examples: 30, precision: 0.9, recall: 0.85, f1: 0.9 }));
  return {
    task: 'image-classification',
    labels: ['a', 'b'],
    metrics: {
      split: 'test',
      examples: 60,
      groups: 20,
      overall: { accuracy: 0.9, ece: 0.04 },
      perClass,
      perGroup: [],
      ...metrics,
    },
    dataset: { consentBasis: 'consent', isSynthetic: false, splitBy: 'student' },
  } as unknown as Manifest;
}

const input = (manifest: Manifest, more: Partial<GateInput> = {}): GateInput => ({
  manifest,
  verification,
  comparison: null,
  shadowSince: null,
  now,
  ...more,
});
const missedBy = (gate: GateInput): string[] => promotionGate(gate).flatMap(({ name, isMet }) => (isMet ? [] : [name]));

/** @param onlyShadowRight works that the one in shadow alone had right, and the active one alone */
const compared = (settled: number, onlyShadowRight: number, onlyActiveRight: number): ShadowComparison => ({
  settled,
  shadowRight: settled - onlyActiveRight,
  activeRight: settled - onlyShadowRight,
  onlyShadowRight,
  onlyActiveRight,
  failed: 0,
});

describe('the gate of grading', () => {
  it('lets a classifier pass that was measured on enough of every label', () => {
    expect(missedBy(input(aClassifier()))).toEqual([]);
  });

  it.for([
    ['held-out', { split: 'validation' }],
    ['examples', { examples: 29, overall: { accuracy: 0.9, ece: 0.04 } }],
    ['calibration error', { overall: { accuracy: 0.9, ece: 0.11 } }],
    ['better than guessing', { overall: { accuracy: 0.6, ece: 0.04 } }],
  ] satisfies [string, Partial<Metrics>][])('asks for: %s', ([line, metrics]) => {
    expect(missedBy(input(aClassifier(metrics)))).toEqual([line]);
  });

  it('takes nested cross-validation over enough groups as held out, and counts its examples half', () => {
    const crossed: Partial<Metrics> = { split: 'cross-validation', folds: 5 };
    expect(missedBy(input(aClassifier(crossed)))).toEqual([]);
    expect(missedBy(input(aClassifier({ ...crossed, groups: 9 })))).toEqual(['groups that were left out in turn']);
    // Of 60 with .65 right the lower bound is .524; of 30 it is .469.
    const weak: Partial<Metrics> = { overall: { accuracy: 0.65, ece: 0.04 } };
    expect(missedBy(input(aClassifier(weak)))).toEqual([]);
    expect(missedBy(input(aClassifier({ ...weak, ...crossed })))).toEqual(['better than guessing']);
  });

  it('counts a label that was never tested as none, and what was not measured as missed', () => {
    const [a] = aClassifier().metrics.perClass;
    expect(missedBy(input(aClassifier({ perClass: [a!] })))).toContain('examples of every label');
    expect(missedBy(input(aClassifier({ overall: {} })))).toEqual(
      expect.arrayContaining(['calibration error', 'better than guessing']),
    );
  });

  it('holds a detector to its average precision, not to a calibration that it cannot have', () => {
    const detector = (meanAveragePrecision: number): Manifest => ({
      ...aClassifier({ overall: { meanAveragePrecision } }),
      task: 'object-detection',
    });
    expect(missedBy(input(detector(1)))).toEqual([]);
    expect(missedBy(input(detector(0.49)))).toEqual(['mean average precision']);
  });

  it('compares groups of one attribute that are large enough', () => {
    const group = (attribute: string, value: string, examples: number, accuracy: number) => ({
      attribute,
      value,
      examples,
      accuracy,
    });
    const apart = [group('device', 'old', 30, 0.7), group('device', 'new', 30, 0.9)];
    expect(missedBy(input(aClassifier({ perGroup: apart })))).toEqual(['gap between groups']);
    const small = [group('device', 'old', 29, 0.1), group('device', 'new', 30, 0.9)];
    const otherwise = [group('device', 'old', 30, 0.7), group('paper', 'squared', 30, 0.9)];
    for (const perGroup of [small, otherwise]) expect(missedBy(input(aClassifier({ perGroup })))).toEqual([]);
  });

  it('asks for a paired comparison where another one is active', () => {
    const missed = (comparison: ShadowComparison) => missedBy(input(aClassifier(), { comparison }));
    expect(missed(compared(0, 0, 0))).toEqual([
      'works compared in shadow and settled by teachers',
      'not worse than the active one',
    ]);
    expect(missed(compared(100, 1, 1))).toEqual([]);
    // Loses 2 of 100: the upper end of the interval is .02 + 1.96 · √(2 − .04)/100 = .047; of 6 it is .107.
    expect(missed(compared(100, 0, 2))).toEqual([]);
    expect(missed(compared(100, 0, 6))).toEqual(['not worse than the active one']);
    expect(missed({ ...compared(100, 1, 1), failed: 1 })).toEqual(['works on which it failed']);
  });
});

describe('the gate of engagement', () => {
  const window = (changes: object = {}): Manifest => {
    const state = { examples: 80, groups: 12, auc: 0.72, aucLower: 0.61, precision: 0.7, recall: 0.7, f1: 0.7 };
    const group = { attribute: 'glasses', examples: 200, groups: 11, accuracy: 0.7, falseAlarms: 0.1, abstained: 0.2 };
    return {
      task: 'engagement-window',
      labels: ['engagement', 'confusion'],
      metrics: {
        split: 'test',
        examples: 900,
        groups: 24,
        overall: {
          macroF1: 0.62,
          majorityF1: 0.4,
          kappa: 0.45,
          aucGain: { difference: 0.05, lower: 0.01 },
          ece: 0.05,
          selective: { coverage: 0.7, precision: 0.66 },
        },
        perClass: [
          { ...state, label: 'engagement' },
          { ...state, label: 'confusion' },
        ],
        perGroup: [
          { ...group, value: 'yes' },
          { ...group, value: 'no' },
        ],
      },
      dataset: { consentBasis: 'consent', isSynthetic: false, splitBy: 'student', ...changes },
    } as unknown as Manifest;
  };
  const shadowSince = new Date('2026-03-01T12:00:00Z');
  const comparison = compared(200, 8, 8);
  const live = { shadowSince, comparison };

  it('does not take cross-validation for students that training never saw', () => {
    const manifest = window();
    const crossed = { ...manifest, metrics: { ...manifest.metrics, split: 'cross-validation', folds: 5 } } as Manifest;
    expect(missedBy(input(crossed, live))).toEqual(['held-out']);
  });

  it('lets a model pass that meets every line of the bar', () => {
    expect(missedBy(input(window(), live))).toEqual([]);
  });

  it('keeps a model of generated data from judging people, whatever its figures', () => {
    for (const made of [{ isSynthetic: true }, { consentBasis: 'generated' }]) {
      expect(missedBy(input(window(made), live))).toEqual(['real students']);
    }
  });

  it('asks for two weeks in shadow, and for a split by student', () => {
    expect(missedBy(input(window(), { comparison }))).toEqual(['days in shadow']);
    expect(missedBy(input(window({ splitBy: 'image' }), live))).toEqual(['split by student']);
  });

  it('asks for a comparison on live windows, also where there can be none yet', () => {
    const uncompared = promotionGate(input(window(), { shadowSince }));
    expect(uncompared.filter(({ isMet }) => !isMet)).toEqual([
      {
        name: 'compared live',
        required: 'with the active model on at least 200 windows',
        measured: null,
        isMet: false,
      },
    ]);
    const missed = (of: ShadowComparison) => missedBy(input(window(), { shadowSince, comparison: of }));
    const enough = 'windows compared in shadow and settled';
    expect(missed(compared(199, 8, 8))).toEqual([enough]);
    expect(missed(compared(0, 0, 0))).toEqual([enough, 'not worse than the active one']);
    // Loses 6 of 200: the upper end of the interval is .03 + 1.96 · √(22 − .18)/200 = .076.
    expect(missed(compared(200, 8, 14))).toEqual(['not worse than the active one']);
    expect(missed({ ...comparison, failed: 1 })).toEqual(['windows on which it failed']);
  });
});
