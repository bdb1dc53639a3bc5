import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import type { LabelledEmbeddings } from './fit-head.js';
import { matrix, rowOf, type Matrix } from './matrix.js';
import { fitTopicDistance, nearestOf, topicDistances } from './topic-distance.js';

const features = 40;

/** Numbers around a middle that is the same for each feature. */
function cloud(rows: number, middle: number, seed: string): Matrix {
  const rng = seededRng(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const drawn = matrix(rows, features);
  return { ...drawn, data: drawn.data.map(() => middle + normal()) };
}

/** Two classes, in turn. */
function examplesOf(each: number, seed: string): LabelledEmbeddings {
  const [first, second] = [cloud(each, 0, `${seed}/0`), cloud(each, 3, `${seed}/1`)];
  const embeddings = matrix(2 * each, features);
  for (let row = 0; row < each; row++) {
    rowOf(embeddings, 2 * row).set(rowOf(first, row));
    rowOf(embeddings, 2 * row + 1).set(rowOf(second, row));
  }
  const labels = Array.from({ length: 2 * each }, (_, row) => row % 2);
  return { embeddings, labels, groups: labels.map((_, row) => `group ${row}`), classes: 2 };
}

const shareAbove = (distances: readonly number[], above: number): number =>
  distances.filter((distance) => distance > above).length / distances.length;

describe('fitTopicDistance', () => {
  it('takes few pictures of its classes for something else, and nearly all that are far from both', () => {
    const topic = fitTopicDistance(examplesOf(10, 'learnt'), 'folds');
    const own = nearestOf(topicDistances(topic, examplesOf(300, 'own').embeddings));
    expect(shareAbove(own, topic.above)).toBeLessThan(0.05);
    // Between the classes, though at the middle of all examples; and beyond one of them.
    for (const middle of [1.5, 6]) {
      expect(shareAbove(nearestOf(topicDistances(topic, cloud(200, middle, 'far'))), topic.above)).toBeGreaterThan(0.9);
    }
  });

  it('gives distances of about 1 within a class', () => {
    const topic = fitTopicDistance(examplesOf(200, 'many'), 'folds');
    const [first] = [topicDistances(topic, cloud(100, 0, 'first'))];
    const mean = nearestOf(first!).reduce((sum, each) => sum + each, 0) / 100;
    expect(mean).toBeCloseTo(1, 1);
  });

  it('does not depend on where the space begins, nor on the order of the examples', () => {
    const examples = examplesOf(6, 'order');
    const asked = cloud(5, 1, 'asked');
    const plain = topicDistances(fitTopicDistance(examples, 'folds'), asked);
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (shift) => {
        const moved = (from: Matrix): Matrix => ({ ...from, data: from.data.map((value) => value + shift) });
        const order = examples.labels.map((_, row) => row).reverse();
        const turned = matrix(order.length, features);
        order.forEach((from, row) => rowOf(turned, row).set(rowOf(moved(examples.embeddings), from)));
        const other = fitTopicDistance(
          { ...examples, embeddings: turned, labels: order.map((row) => examples.labels[row]!) },
          'folds',
        );
        topicDistances(other, moved(asked)).data.forEach((distance, at) => {
          expect(distance).toBeCloseTo(plain.data[at]!, 6);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('holds where all pictures of a class are the same', () => {
    const same: LabelledEmbeddings = {
      embeddings: matrix(6, features),
      labels: [0, 1, 0, 1, 0, 1],
      groups: ['a', 'b', 'c', 'd', 'e', 'f'],
      classes: 2,
    };
    const { above } = fitTopicDistance(same, 'folds');
    expect(above).toBeGreaterThan(0);
    expect(Number.isFinite(above)).toBe(true);
  });
});
