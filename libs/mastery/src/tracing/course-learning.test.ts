import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { attuneFeatures, templates } from './features.js';
import { emptyTrace } from './learner-trace.js';
import { fitPopulation, OnlineLearner, qualityFor, type History } from './population.js';
import { decodeOnlineMemory, decodePopulation, encodeOnlineMemory, encodePopulation } from './population-codec.js';
import { priorPopulation } from './prior-population.js';

const items = 40;
const skillsOf = (item: number): number[] => [1 + (item % 5)];
/** What the author of every item says of it, the same for all: she is wrong by up to two logits. */
const authored = 0;
const truth = (item: number): number => ((item * 7) % 9) / 2 - 2;

/** Learners of a level of their own, who get better at a skill with every answer to it. */
function aClass(learners: number, responses: number, seed: string): History[] {
  const rng = seededRng(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return Array.from({ length: learners }, () => {
    const level = normal();
    const practised = new Map<number, number>();
    return Array.from({ length: responses }, () => {
      const item = Math.floor(rng() * items);
      const skills = skillsOf(item);
      const before = practised.get(skills[0]!) ?? 0;
      practised.set(skills[0]!, before + 1);
      const p = 1 / (1 + Math.exp(-(level + 0.15 * before - truth(item))));
      return { item, skills, authored, right: rng() < p ? 1 : 0 } as const;
    });
  });
}

function passOver(learner: OnlineLearner, histories: readonly History[]): OnlineLearner {
  for (const history of histories) {
    let trace = emptyTrace();
    for (const response of history) ({ trace } = learner.step(trace, response));
  }
  return learner;
}

const known = aClass(60, 40, 'class');
const unseen = aClass(60, 40, 'next class');

describe('learning from a class, from what is known of all classes on', () => {
  it('predicts the next class better than before, by a fit and by one pass', () => {
    const prior = qualityFor(priorPopulation(), unseen);
    const fitted = qualityFor(fitPopulation(known, attuneFeatures, { prior: priorPopulation() }), unseen);
    const passed = qualityFor(
      passOver(OnlineLearner.goOn(priorPopulation(), { asAfter: 5_000 }), known).population(),
      unseen,
    );
    expect(fitted.auc).toBeGreaterThan(prior.auc + 0.03);
    expect(passed.auc).toBeGreaterThan(prior.auc + 0.03);
    expect(fitted.ece).toBeLessThan(0.04);
    expect(passed.ece).toBeLessThan(0.05);
  });

  it('is worth more than learning from nothing, where the class is small', () => {
    const few = aClass(12, 15, 'a small class');
    const withPrior = qualityFor(fitPopulation(few, attuneFeatures, { prior: priorPopulation() }), unseen);
    const alone = qualityFor(fitPopulation(few, attuneFeatures), unseen);
    expect(withPrior.auc).toBeGreaterThan(alone.auc);
  });

  it('goes on from where it was stored as if it had never stopped', () => {
    const whole = passOver(OnlineLearner.goOn(priorPopulation(), { asAfter: 5_000 }), known).population();
    const half = passOver(OnlineLearner.goOn(priorPopulation(), { asAfter: 5_000 }), known.slice(0, 30));
    const resumed = OnlineLearner.goOn(
      decodePopulation(encodePopulation(half.population())),
      decodeOnlineMemory(encodeOnlineMemory(half.memory())),
    );
    const rest = passOver(resumed, known.slice(30)).population();
    expect(rest.index.size).toBe(whole.index.size);
    expect([...rest.weights]).toEqual([...whole.weights]);
  });

  it('begins with a weight for every feature that names no skill, no item and no clock', () => {
    const { index } = priorPopulation();
    const named = new Set(Array.from({ length: index.size }, (_, column) => index.templateOf(column)));
    const general = templates.flatMap(({ name, ofSome }, template) =>
      ofSome || name.startsWith('since') ? [] : [template],
    );
    expect([...named].sort((a, b) => a - b)).toEqual(general);
  });
});
