import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { fitModel, logLossOf, modelPlans } from './learned-model.js';

/** Two features on different scales, of which the first tells, and one that is always the same. */
function drawn(count: number, seed: string) {
  const rng = seededRng(seed);
  const rows = new Float32Array(count * 3);
  const targets = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const told = rng() * 4 - 2;
    rows.set([told * 1_000, rng(), 5], row * 3);
    targets[row] = rng() < 1 / (1 + Math.exp(-2 * told)) ? 1 : 0;
  }
  return { rows, columns: 3, targets };
}

describe('a learned model', () => {
  const [learnt, asked] = [drawn(2_000, 'learnt'), drawn(500, 'asked')];

  it.each(modelPlans)('tells better than chance, and the same each time: $model', (plan) => {
    const predict = fitModel(plan, learnt, seededRng('fit'));
    expect(logLossOf(asked.targets, predict(asked.rows))).toBeLessThan(0.5);
    expect(fitModel(plan, learnt, seededRng('fit'))(asked.rows)).toEqual(predict(asked.rows));
  });

  it('comes near the chances that there are', () => {
    const predict = fitModel({ model: 'logistic', penalty: 1e-4 }, learnt, seededRng('fit'));
    const [low, middle, high] = predict(Float32Array.of(-1_000, 0.5, 5, 0, 0.5, 5, 1_000, 0.5, 5));
    expect(low).toBeCloseTo(0.12, 1);
    expect(middle).toBeCloseTo(0.5, 1);
    expect(high).toBeCloseTo(0.88, 1);
  });
});
