import { describe, expect, it } from 'vitest';
import { seededRng, type Rng } from '#libs/kernel';
import { draw } from '../policy/softmax.js';
import { evaluatePolicy, type PolicyEvaluation, type PolicyEvaluationOutcome } from './evaluate-policy.js';
import type { LoggedDecision } from './logged-decision.js';
import type { TargetPolicy } from './target-policy.js';

const policy = { name: 'logging', version: 1 };
const logged: TargetPolicy = { kind: 'logged' };

function decision(more: Partial<LoggedDecision> & Pick<LoggedDecision, 'candidates' | 'chosen'>): LoggedDecision {
  return { id: 'd', policy, seed: 's', reward: 0, ...more };
}

function evaluated(outcome: PolicyEvaluationOutcome): PolicyEvaluation {
  if (outcome.kind !== 'evaluated') throw new Error(outcome.kind);
  return outcome;
}

const run = (decisions: readonly LoggedDecision[], target: TargetPolicy = logged, repeats = 200): PolicyEvaluation =>
  evaluated(evaluatePolicy(decisions, target, { rng: seededRng('bootstrap'), repeats }));

/** Two actions in two contexts; the mean rewards, and what logging and target give to action a. */
const truth = { x: { a: 0.8, b: 0.3 }, y: { a: 0.2, b: 0.6 } } as const;
const logging = { x: 0.3, y: 0.6 } as const;
const wanted = { x: 0.9, y: 0.2 } as const;
/** Contexts are as likely: (.9 · .8 + .1 · .3 + .2 · .2 + .8 · .6) / 2. */
const value = 0.635;

function bandit(count: number, rng: Rng): LoggedDecision[] {
  return Array.from({ length: count }, (_, number) => {
    const context = rng() < 0.5 ? 'x' : 'y';
    const chosen = rng() < logging[context] ? 'a' : 'b';
    return decision({
      id: String(number),
      candidates: [
        { activityId: 'a', probability: logging[context] },
        { activityId: 'b', probability: 1 - logging[context] },
      ],
      chosen,
      context,
      reward: rng() < truth[context][chosen] ? 1 : 0,
      target: [wanted[context], 1 - wanted[context]],
    });
  });
}

describe('the estimators', () => {
  it('are what the formulas say, worked by hand', () => {
    const candidates = [
      { activityId: 'a', probability: 0.25 },
      { activityId: 'b', probability: 0.75 },
    ];
    const target = [0.5, 0.5];
    // Weights 2 and ⅔; rewards 1 and ½. With one fold, nothing to fit to: the model says 0, and DR is IPS.
    const log = [
      decision({ id: '1', candidates, chosen: 'a', reward: 1, target, learner: 'one' }),
      decision({ id: '2', candidates, chosen: 'b', reward: 0.5, target, learner: 'one' }),
    ];
    const {
      ips,
      snips,
      doublyRobust,
      logged: done,
      effectiveSampleSize,
      largestWeightShare,
    } = evaluated(evaluatePolicy(log, logged, { rng: seededRng('x'), repeats: 10, folds: 1 }));
    expect(ips.value).toBeCloseTo((2 + 1 / 3) / 2, 12);
    expect(snips.value).toBeCloseTo((2 + 1 / 3) / (2 + 2 / 3), 12);
    expect(doublyRobust.value).toBeCloseTo(ips.value, 12);
    expect(done.value).toBe(0.75);
    expect(effectiveSampleSize).toBeCloseTo((8 / 3) ** 2 / (4 + 4 / 9), 12);
    expect(largestWeightShare).toBeCloseTo(0.75, 12);
  });

  it('give what was done where the target is the policy that chose', () => {
    const log = bandit(500, seededRng('same')).map((each) => ({
      ...each,
      target: each.candidates.map(({ probability }) => probability),
    }));
    const { logged: done, ips, snips, doublyRobust, effectiveSampleSize, warnings } = run(log);
    expect(ips.value).toBeCloseTo(done.value, 12);
    expect(snips.value).toBeCloseTo(done.value, 12);
    expect(Math.abs(doublyRobust.value - done.value)).toBeLessThan(0.02);
    expect(effectiveSampleSize).toBeCloseTo(500, 8);
    expect(warnings).toEqual([]);
  });

  it('are right on average, and their intervals hold the truth as often as they say', () => {
    const runs = 300;
    const found = { ips: { sum: 0, held: 0 }, snips: { sum: 0, held: 0 }, doublyRobust: { sum: 0, held: 0 } };
    for (let n = 0; n < runs; n++) {
      const evaluation = run(bandit(400, seededRng(`log ${n}`)));
      for (const name of ['ips', 'snips', 'doublyRobust'] as const) {
        const { value: estimate, low, high } = evaluation[name];
        found[name].sum += estimate;
        if (low <= value && value <= high) found[name].held++;
      }
    }
    for (const { sum, held } of Object.values(found)) {
      expect(Math.abs(sum / runs - value)).toBeLessThan(0.01);
      expect(held / runs).toBeGreaterThan(0.9);
      expect(held / runs).toBeLessThan(0.985);
    }
  });

  it('say the same for the same seed, and draw the decisions of a learner together', () => {
    const log = bandit(200, seededRng('log'));
    expect(run(log)).toEqual(run(log));
    const width = ({ ips }: PolicyEvaluation): number => ips.high - ips.low;
    const tenfold = log.flatMap((each, number) =>
      Array.from({ length: 10 }, (_, copy) => ({ ...each, id: `${each.id}/${copy}`, learner: `l${number}` })),
    );
    expect(width(run(tenfold, logged, 1_000)) / width(run(log, logged, 1_000))).toBeCloseTo(1, 1);
    expect(run(tenfold).learners).toBe(200);
  });
});

describe('what cannot be answered', () => {
  it('is said of an empty log, and of a log that does not tell the target’s probabilities', () => {
    const options = { rng: seededRng('x') };
    expect(evaluatePolicy([], logged, options)).toEqual({ kind: 'no-decisions' });
    const bare = decision({ id: 'bare', candidates: [{ activityId: 'a', probability: 1 }], chosen: 'a' });
    expect(evaluatePolicy([bare], logged, options)).toEqual({ kind: 'unknown-target', decisionId: 'bare' });
  });

  it('is said where the target wants what was never tried', () => {
    const log = bandit(400, seededRng('log')).map((each) => ({
      ...each,
      candidates: [
        { activityId: each.chosen, probability: 1 },
        { activityId: 'never', probability: 0 },
      ],
      target: [0.6, 0.4],
    }));
    const { warnings } = run(log);
    expect(warnings).toEqual([{ code: 'no-overlap', unsupported: expect.closeTo(0.4, 10) }]);
  });

  it('is said where few decisions carry the estimate, or one alone', () => {
    const candidates = [
      { activityId: 'a', probability: 0.001 },
      { activityId: 'b', probability: 0.999 },
    ];
    const log = Array.from({ length: 300 }, (_, number) =>
      decision({ id: String(number), candidates, chosen: number === 7 ? 'a' : 'b', target: [0.99, 0.01] }),
    );
    expect(run(log).warnings.map(({ code }) => code)).toEqual([
      'few-effective-decisions',
      'one-decision-weighs-too-much',
    ]);
  });

  it('is said where the probabilities in the log cannot be those by which was chosen', () => {
    const log = bandit(2_000, seededRng('log')).map((each) => ({
      ...each,
      candidates: each.candidates.map(({ activityId }) => ({
        activityId,
        probability: activityId === 'a' ? 0.8 : 0.2,
      })),
      target: [0.9, 0.1],
    }));
    expect(run(log).warnings.map(({ code }) => code)).toContain('weights-are-off');
  });

  it('is said of a handful of learners', () => {
    const log = bandit(400, seededRng('log')).map((each, number) => ({ ...each, learner: `l${number % 5}` }));
    expect(run(log).warnings).toEqual([{ code: 'few-learners', learners: 5 }]);
  });
});

it('is exact about a uniform target and about another temperature', () => {
  const rng = seededRng('softmax');
  const log = Array.from({ length: 2_000 }, (_, number) => {
    const candidates = [
      { activityId: 'a', probability: 0.7, utility: Math.log(7) },
      { activityId: 'b', probability: 0.2, utility: Math.log(2) },
      { activityId: 'c', probability: 0.1, utility: 0 },
    ];
    const place = draw([0.7, 0.2, 0.1], String(rng()));
    return decision({ id: String(number), candidates, chosen: candidates[place]!.activityId, reward: place });
  });
  expect(Math.abs(run(log, { kind: 'uniform' }).doublyRobust.value - 1)).toBeLessThan(0.05);
  const flatter = run(log, { kind: 'softmax', temperature: 2, epsilon: 0 });
  const [a, b, c] = [Math.sqrt(7), Math.sqrt(2), 1];
  expect(Math.abs(flatter.doublyRobust.value - (b + 2 * c) / (a + b + c))).toBeLessThan(0.03);
});
