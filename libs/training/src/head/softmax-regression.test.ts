import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { calibrationError, fitTemperature } from './calibration.js';
import { fitFeatureScale, scaleFeatures } from './feature-scale.js';
import { divideIntoFolds } from './folds.js';
import { minimise } from './lbfgs.js';
import { matrix, product, type Matrix } from './matrix.js';
import { softmax, SoftmaxRegression } from './softmax-regression.js';

const rng = seededRng('heads');
const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());

/** Examples of classes that differ in their first features only. */
function someExamples(rows: number, columns: number, classes: number, apart = 1.5): { x: Matrix; labels: number[] } {
  const x = matrix(rows, columns);
  const labels = Array.from({ length: rows }, (_, row) => row % classes);
  for (let at = 0; at < x.data.length; at++) x.data[at] = normal();
  labels.forEach((label, row) => (x.data[row * columns + label]! += apart));
  return { x, labels };
}

describe('L-BFGS', () => {
  it('finds the minimum of the Rosenbrock function', () => {
    const rosenbrock = ([a, b]: Float64Array, gradient: Float64Array): number => {
      gradient[0] = -2 * (1 - a!) - 400 * a! * (b! - a! ** 2);
      gradient[1] = 200 * (b! - a! ** 2);
      return (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2;
    };
    const found = minimise(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-8 });
    expect(found[0]).toBeCloseTo(1, 6);
    expect(found[1]).toBeCloseTo(1, 6);
  });
});

describe('softmax regression', () => {
  it.for([
    ['more examples than features', 60, 8],
    ['more features than examples', 20, 90],
  ] as const)('ends where the gradient of its loss is zero: %s', ([, rows, columns]) => {
    const { x, labels } = someExamples(rows, columns, 3);
    const penalty = 0.01;
    const { weights, bias } = new SoftmaxRegression(x, labels, 3).fit(penalty);
    const probs = softmax(product(x, weights, bias), 1);
    // ∂/∂W = Xᵀ (P − Y) / n + λ W, worked out here by plain loops.
    for (let feature = 0; feature < columns; feature++) {
      for (let label = 0; label < 3; label++) {
        let slope = penalty * weights.data[feature * 3 + label]!;
        labels.forEach((right, row) => {
          const error = probs.data[row * 3 + label]! - (right === label ? 1 : 0);
          slope += (x.data[row * columns + feature]! * error) / rows;
        });
        expect(Math.abs(slope)).toBeLessThan(1e-3);
      }
    }
  });

  it('gives the same from the largest penalty on as from the start', () => {
    const { x, labels } = someExamples(30, 50, 3);
    const path = new SoftmaxRegression(x, labels, 3);
    path.fit(1);
    const [warm, cold] = [path.fit(0.01), new SoftmaxRegression(x, labels, 3).fit(0.01)];
    warm.weights.data.forEach((weight, at) => expect(weight).toBeCloseTo(cold.weights.data[at]!, 2));
  });
});

describe('the scale of features', () => {
  it('weighs those that tell the labels apart, drops most others, and does not mind one that is constant', () => {
    const { x, labels } = someExamples(60, 40, 2, 3);
    for (let row = 0; row < 60; row++) x.data[row * 40 + 39] = 7;
    const { factor } = fitFeatureScale(x, labels, 2);
    const others = factor.slice(2, 39);
    expect(Math.min(factor[0]!, factor[1]!)).toBeGreaterThan(3 * Math.max(...others));
    expect(others.filter((each) => each === 0).length).toBeGreaterThan(10);
    expect(factor[39]).toBe(0);
    const scaled = scaleFeatures(x, fitFeatureScale(x, labels, 2));
    expect(scaled.data.reduce((sum, value) => sum + value ** 2, 0) / 60).toBeCloseTo(1, 6);
  });
});

describe('folds', () => {
  it('keep groups whole, and share out every label', () => {
    const labels = Array.from({ length: 90 }, (_, at) => at % 3);
    const groups = labels.map((_, at) => `student ${Math.floor(at / 6)}`);
    const folds = divideIntoFolds({ labels, groups }, 5, 3, seededRng('folds'));
    for (const group of new Set(groups)) {
      expect(new Set(folds.filter((_, at) => groups[at] === group)).size).toBe(1);
    }
    for (let fold = 0; fold < 5; fold++) {
      for (let label = 0; label < 3; label++) {
        expect(folds.filter((of, at) => of === fold && labels[at] === label)).toHaveLength(6);
      }
    }
  });

  it('put every label into every fold where each picture stands for itself', () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1];
    const groups = labels.map((_, at) => `${at}`);
    const folds = divideIntoFolds({ labels, groups }, 5, 2, seededRng('alone'));
    for (let fold = 0; fold < 5; fold++) {
      expect(new Set(labels.filter((_, at) => folds[at] === fold))).toEqual(new Set([0, 1]));
    }
  });
});

describe('calibration', () => {
  it('finds the temperature that logits were multiplied by', () => {
    const logits = matrix(6_000, 2);
    const labels: number[] = [];
    for (let row = 0; row < logits.rows; row++) {
      const logit = normal() * 2;
      labels.push(rng() < 1 / (1 + Math.exp(-logit)) ? 0 : 1);
      logits.data[row * 2] = 3 * logit;
    }
    expect(fitTemperature(logits, labels)).toBeGreaterThan(2.7);
    expect(fitTemperature(logits, labels)).toBeLessThan(3.3);
    expect(calibrationError(softmax(logits, 3), labels)).toBeLessThan(0.03);
    expect(calibrationError(softmax(logits, 1), labels)).toBeGreaterThan(0.08);
  });

  it('does not become certain because a few examples were all right', () => {
    const logits = matrix(10, 2);
    const labels = Array.from({ length: 10 }, () => 0);
    for (let row = 0; row < 10; row++) logits.data[row * 2] = 1;
    const [sure] = softmax(logits, fitTemperature(logits, labels)).data;
    expect(sure).toBeCloseTo(11 / 12, 3);
  });
});
