import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DifficultyTable } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import { attuneFeatures, templateOf, type TemplateName } from './features.js';
import { emptyTrace } from './learner-trace.js';
import { Tracer, type History } from './population.js';

interface Golden {
  readonly skills: number[][];
  readonly learners: { readonly items: number[]; readonly answers: (0 | 1)[] }[];
  /** The difficulties come from the first so many learners. */
  readonly difficultiesFrom: number;
  readonly weights: [TemplateName, ...number[]][];
  readonly predictions: number[];
}

/** Written by training/golden/mastery.py. */
const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as Golden;

describe('the streamed model', () => {
  it('predicts what the reference in numpy predicts, given the same weights', () => {
    const histories = golden.learners.map(({ items, answers }): History =>
      items.map((item, step) => ({ item, skills: golden.skills[item]!, right: answers[step]! })),
    );
    const difficulties = new DifficultyTable();
    for (const response of histories.slice(0, golden.difficultiesFrom).flat())
      difficulties.add(response, response.right);
    const index = new FeatureIndex();
    const weights = Float64Array.from(golden.weights, ([name, ...rest]) => {
      index.intern(templateOf(name), ...rest.slice(0, -1));
      return rest.at(-1)!;
    });
    const tracer = new Tracer({ features: attuneFeatures, index, weights, difficulties });
    const predictions = histories.flatMap((history) => {
      let trace = emptyTrace();
      return history.map((response) => {
        const { probability, terms } = tracer.explain(trace, response);
        const logit = terms.reduce((sum, { value }) => sum + value, 0);
        expect(1 / (1 + Math.exp(-logit))).toBeCloseTo(probability, 12);
        trace = tracer.learn(trace, response);
        return probability;
      });
    });
    expect(predictions).toHaveLength(golden.predictions.length);
    const furthest = Math.max(...predictions.map((p, at) => Math.abs(p - golden.predictions[at]!)));
    expect(furthest).toBeLessThan(1e-9);
  });
});
