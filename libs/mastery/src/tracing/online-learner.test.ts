import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { attuneFeatures } from './features.js';
import { emptyTrace } from './learner-trace.js';
import { OnlineLearner, Tracer, type History, type TracedResponse } from './population.js';

const skillsOf = (item: number): number[] => (item % 4 === 0 ? [item % 3, 3] : [item % 3]);

function drawn(learners: number, seed: string): History[] {
  const rng = seededRng(seed);
  return Array.from({ length: learners }, () => {
    const ability = 4 * (rng() - 0.5);
    return Array.from({ length: 30 }, (): TracedResponse => {
      const item = Math.floor(rng() * 20);
      const logit = ability + 1 - item * 0.1;
      return { item, skills: skillsOf(item), right: rng() < 1 / (1 + Math.exp(-logit)) ? 1 : 0 };
    });
  });
}

function passOver(learner: OnlineLearner, histories: readonly History[]): void {
  for (const history of histories) {
    let trace = emptyTrace();
    for (const response of history) ({ trace } = learner.step(trace, response));
  }
}

describe('learning online', () => {
  it('predicts each response by what was learnt before it', () => {
    const learner = new OnlineLearner(attuneFeatures);
    for (const history of drawn(8, 'before')) {
      let trace = emptyTrace();
      for (const response of history) {
        const expected = new Tracer(learner.population()).predict(trace, response);
        const next = learner.step(trace, response);
        expect(next.probability).toBeCloseTo(expected, 12);
        ({ trace } = next);
      }
    }
  });

  it('does not take what the last learner did for what everybody does', () => {
    const learner = new OnlineLearner(attuneFeatures);
    passOver(learner, drawn(150, 'class'));
    const meanOfFirst = (): number => {
      const tracer = new Tracer(learner.population());
      const items = Array.from({ length: 20 }, (_, item) =>
        tracer.predict(emptyTrace(), { item, skills: skillsOf(item) }),
      );
      return items.reduce((sum, p) => sum + p, 0) / items.length;
    };
    const before = meanOfFirst();
    const nothing = drawn(3, 'nothing').map((history) =>
      history.map((response) => ({ ...response, right: 0 as const })),
    );
    passOver(learner, nothing);
    expect(meanOfFirst()).toBeLessThan(before);
    expect(before - meanOfFirst()).toBeLessThan(0.08);
  });

  it('is the same for the same responses, and finite for any', () => {
    const predictions = [1, 2].map(() => {
      const learner = new OnlineLearner(attuneFeatures);
      passOver(learner, drawn(30, 'same'));
      passOver(learner, [Array.from({ length: 400 }, () => ({ item: 7, skills: [1], right: 1 as const }))]);
      return [...learner.population().weights];
    });
    expect(predictions[0]).toEqual(predictions[1]);
    for (const weight of predictions[0]!) expect(Math.abs(weight)).toBeLessThan(10);
  });
});
