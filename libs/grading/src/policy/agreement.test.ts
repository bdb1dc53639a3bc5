import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { agreementOf, type DecidedCriterion } from './agreement.js';

function aDecision(more: Partial<DecidedCriterion> = {}): DecidedCriterion {
  return {
    submissionId: 'work',
    criterionId: 'left',
    points: 2,
    given: 2,
    awarded: 2,
    confidence: 0.98,
    calibrated: null,
    graderVersion: 1,
    modelId: null,
    decidedAt: new Date('2026-11-27T08:00:00Z'),
    ...more,
  };
}

/** Each with a work of its own; teacher first. */
const ofPairs = (pairs: readonly (readonly [number, number])[]): DecidedCriterion[] =>
  pairs.map(([awarded, given], index) => aDecision({ submissionId: `work ${index}`, awarded, given }));

const someDecisions = fc.array(
  fc.record({
    submissionId: fc.nat(9).map((number) => `work ${number}`),
    criterionId: fc.constantFrom('left', 'right'),
    points: fc.constant(4),
    given: fc.nat(4),
    awarded: fc.nat(4),
    confidence: fc.constantFrom(0, 0.3, 0.55, 0.9, 0.98, 1),
    calibrated: fc.option(fc.constantFrom(0.4, 0.75, 0.96)),
    graderVersion: fc.integer({ min: 1, max: 2 }),
    modelId: fc.constant(null),
    decidedAt: fc.constantFrom(new Date('2026-10-01T00:00:00Z'), new Date('2026-11-02T00:00:00Z')),
  }),
  { maxLength: 40 },
);

/** κ by its definition over all pairs of levels: 1 − Σ w o / Σ w e. */
function slowKappa(decided: readonly DecidedCriterion[], weight: (a: number, b: number) => number): number | null {
  const levels = [0, 1, 2, 3, 4];
  let [observed, expected] = [0, 0];
  for (const teacher of levels) {
    for (const program of levels) {
      const count = (is: (each: DecidedCriterion) => boolean): number => decided.filter(is).length;
      const both = count(({ awarded, given }) => awarded === teacher && given === program);
      const chance =
        (count((each) => each.awarded === teacher) * count((each) => each.given === program)) / decided.length;
      observed += weight(teacher, program) * both;
      expected += weight(teacher, program) * chance;
    }
  }
  return expected === 0 ? null : 1 - observed / expected;
}

describe('agreement between program and teacher', () => {
  it('says nothing where nothing was decided', () => {
    expect(agreementOf([], 'seed')).toEqual({
      decisions: 0,
      exact: null,
      adjacent: null,
      kappa: null,
      weightedKappa: null,
      confidenceError: null,
      calibrationError: null,
      coverage: null,
      levels: [],
      confusion: [],
      reliability: expect.arrayContaining([{ from: 0, count: 0, confidence: 0, exact: 0 }]),
      byVersion: [],
      byMonth: [],
    });
    // All the same: exact, and chance would have done as well.
    expect(agreementOf([aDecision()], 'seed')).toMatchObject({
      exact: 1,
      kappa: null,
      weightedKappa: null,
      coverage: 1,
    });
  });

  it('is that of a table worked by hand', () => {
    // Cohen 1960: 20 both yes, 5 and 10 apart, 15 both no: p = .7, by chance .5, κ = .4.
    const times = (count: number, pair: readonly [number, number]) => Array.from({ length: count }, () => pair);
    const pairs = [...times(20, [2, 2]), ...times(5, [2, 0]), ...times(10, [0, 2]), ...times(15, [0, 0])];
    const agreement = agreementOf(ofPairs(pairs), 'seed');
    expect(agreement).toMatchObject({
      decisions: 50,
      exact: 0.7,
      adjacent: null,
      levels: [0, 1],
      confusion: [
        [15, 10],
        [5, 20],
      ],
      // All equally sure, at .98: nothing could be released, and .98 is .28 too sure.
      coverage: 0,
      confidenceError: expect.closeTo(0.28, 10),
    });
    expect(agreement.kappa).toBeCloseTo(0.4, 12);
    expect(agreement.weightedKappa!.value).toBeCloseTo(0.4, 12);
    // About ± 1.96 · .129, the standard error by Fleiss, Cohen and Everitt (1969).
    expect(agreement.weightedKappa!.low).toBeGreaterThan(0.05);
    expect(agreement.weightedKappa!.low).toBeLessThan(0.22);
    expect(agreement.weightedKappa!.high).toBeGreaterThan(0.58);
    expect(agreement.weightedKappa!.high).toBeLessThan(0.75);
  });

  it('is κ with and without weights, by their definitions', () => {
    fc.assert(
      fc.property(someDecisions, (decided) => {
        fc.pre(decided.length > 0);
        const { kappa, weightedKappa, levels } = agreementOf(decided, 'seed');
        const plain = slowKappa(decided, (a, b) => Number(a !== b));
        const squared = slowKappa(decided, (a, b) => (a - b) ** 2);
        if (levels.length < 2) expect(kappa).toBeNull();
        else expect(kappa).toBeCloseTo(plain!, 9);
        if (squared === null) expect(weightedKappa).toBeNull();
        else expect(weightedKappa!.value).toBeCloseTo(squared, 9);
        if (weightedKappa !== null) expect(weightedKappa.low).toBeLessThanOrEqual(weightedKappa.high);
      }),
    );
  });

  it('counts what is exact, what is a level apart, and what could be released', () => {
    fc.assert(
      fc.property(someDecisions, (decided) => {
        fc.pre(decided.length > 0);
        const agreement = agreementOf(decided, 'seed');
        const share = (count: number): number => count / decided.length;
        const right = decided.filter(({ given, awarded }) => given === awarded);
        expect(agreement.exact).toBeCloseTo(share(right.length), 12);
        const levels = [...new Set(decided.flatMap(({ given, awarded }) => [given, awarded]))].sort((a, b) => a - b);
        const near = decided.filter(
          ({ given, awarded }) => !levels.some((level) => (level - given) * (level - awarded) < 0),
        );
        expect(agreement.adjacent).toEqual(levels.length < 3 ? null : expect.closeTo(share(near.length), 12));
        const coverages = decided.map(({ confidence }) => {
          const released = decided.filter((each) => each.confidence >= confidence);
          const exact = released.filter(({ given, awarded }) => given === awarded).length;
          return exact / released.length >= 0.99 ? share(released.length) : 0;
        });
        expect(agreement.coverage).toBeCloseTo(Math.max(...coverages), 12);
      }),
    );
  });

  it('is off by the mean gap between confidence and what is exact', () => {
    fc.assert(
      fc.property(someDecisions, (decided) => {
        const { confidenceError, calibrationError, reliability } = agreementOf(decided, 'seed');
        const gap = (confidences: readonly (number | null)[]): number | null => {
          const all = decided.filter((_, at) => confidences[at] !== null);
          if (all.length === 0) return null;
          let sum = 0;
          for (let bin = 0; bin < 10; bin++) {
            const within = decided
              .map((each, at) => ({ right: each.given === each.awarded, confidence: confidences[at] }))
              .filter(
                ({ confidence }) =>
                  typeof confidence === 'number' &&
                  confidence >= bin / 10 &&
                  (confidence < (bin + 1) / 10 || bin === 9),
              );
            const right = within.filter((each) => each.right).length;
            sum += Math.abs(within.reduce((total, { confidence }) => total + confidence!, 0) - right);
          }
          return sum / all.length;
        };
        const own = gap(decided.map(({ confidence }) => confidence));
        const worth = gap(decided.map(({ calibrated }) => calibrated));
        expect(confidenceError).toEqual(own === null ? null : expect.closeTo(own, 9));
        expect(calibrationError).toEqual(worth === null ? null : expect.closeTo(worth, 9));
        expect(reliability.reduce((sum, { count }) => sum + count, 0)).toBe(decided.length);
      }),
    );
  });

  it('is the same for the same decisions in another order, and told by version and month', () => {
    fc.assert(
      fc.property(someDecisions, (decided) => {
        const agreement = agreementOf(decided, 'seed');
        const again = agreementOf(decided.toReversed(), 'seed');
        expect(again.weightedKappa?.low).toEqual(closeTo(agreement.weightedKappa?.low));
        expect(again).toMatchObject({ byVersion: agreement.byVersion, byMonth: agreement.byMonth });
        for (const parts of [agreement.byVersion, agreement.byMonth]) {
          expect(parts.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(decided.length);
          const exact = parts.reduce((sum, part) => sum + part.decisions * part.exact, 0);
          expect(exact).toBeCloseTo((agreement.exact ?? 0) * decided.length, 9);
        }
      }),
    );
    const months = agreementOf(
      [aDecision(), aDecision({ awarded: 0, decidedAt: new Date('2026-09-30T23:59:59Z') })],
      '',
    );
    expect(months.byMonth).toEqual([
      { name: '2026-09', decisions: 1, exact: 0 },
      { name: '2026-11', decisions: 1, exact: 1 },
    ]);
    const versions = [
      aDecision({ graderVersion: 10 }),
      aDecision({ graderVersion: 2, modelId: 'model' }),
      aDecision({ graderVersion: 2 }),
    ];
    expect(agreementOf(versions, '').byVersion.map(({ name }) => name)).toEqual(['2', '2 model', '10']);
  });

  it('has an interval that covers the truth about as often as it says', () => {
    const rng = seededRng('coverage');
    const runs = 200;
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      // Two levels, equally frequent, and three of four exact: κ is .5 over all works that there could be.
      const pairs = Array.from({ length: 120 }, () => {
        const awarded = rng() < 0.5 ? 0 : 2;
        return [awarded, rng() < 0.75 ? awarded : 2 - awarded] as const;
      });
      const { weightedKappa } = agreementOf(ofPairs(pairs), String(run));
      if (weightedKappa!.low <= 0.5 && weightedKappa!.high >= 0.5) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.9);
    expect(covered / runs).toBeLessThan(0.99);
  });
});

function closeTo(value: number | undefined): unknown {
  return value === undefined ? undefined : expect.closeTo(value, 9);
}
