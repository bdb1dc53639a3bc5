import { beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { attuneFeatures } from './features.js';
import { emptyTrace, type LearnerTrace } from './learner-trace.js';
import {
  fitPopulation,
  OnlineLearner,
  Tracer,
  type History,
  type Population,
  type TracedResponse,
} from './population.js';

const [skillCount, itemCount] = [6, 48];
const easinessOf = (item: number): number => 1.6 - (item % 8) * 0.45;
const itemOf = (item: number) => ({ item, skills: [item % skillCount] });

/** Learners who differ and who get better at a skill with practice, ever more slowly. */
function drawn(learners: number, seed: string): History[] {
  const rng = seededRng(seed);
  return Array.from({ length: learners }, () => {
    const ability = 5 * (rng() - 0.5);
    const practice = new Array<number>(skillCount).fill(0);
    return Array.from({ length: 60 }, (): TracedResponse => {
      const item = Math.floor(rng() * itemCount);
      const logit = ability + easinessOf(item) + 0.8 * (1 - Math.exp(-practice[item % skillCount]!++ / 4));
      return { ...itemOf(item), right: rng() < 1 / (1 + Math.exp(-logit)) ? 1 : 0 };
    });
  });
}

/** Mean share of right answers among all responses to what `which` picks. */
function shareOf(histories: History[], which: (response: TracedResponse) => boolean): number {
  const picked = histories.flat().filter(which);
  return picked.reduce((sum, { right }) => sum + right, 0) / picked.length;
}

/** Follows somebody who answers as `answer` says; gives the predictions, each made before the answer. */
function followed(tracer: Tracer, steps: number, answer: (step: number) => 0 | 1): number[] {
  let trace = emptyTrace();
  return Array.from({ length: steps }, (_, step) => {
    const item = itemOf((step * 7) % itemCount);
    const probability = tracer.predict(trace, item);
    trace = tracer.learn(trace, { ...item, right: answer(step) });
    return probability;
  });
}

const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const histories = drawn(160, 'class');

function learntOnline(): Population {
  const learner = new OnlineLearner(attuneFeatures);
  for (const history of histories) {
    let trace = emptyTrace();
    for (const response of history) ({ trace } = learner.step(trace, response));
  }
  return learner.population();
}

describe.each([
  ['fitted', () => fitPopulation(histories, attuneFeatures)],
  ['learnt in one pass', learntOnline],
])('a population %s', (_, learn) => {
  let tracer: Tracer;
  beforeAll(() => {
    tracer = new Tracer(learn());
  }, 60_000);

  it('expects of a new learner what others did with the item, at her first response', () => {
    for (let item = 0; item < itemCount; item++) {
      const others = shareOf(histories, (response) => response.item === item);
      expect(Math.abs(tracer.predict(emptyTrace(), itemOf(item)) - others)).toBeLessThan(0.16);
    }
    expect(tracer.predict(emptyTrace(), itemOf(0))).toBeGreaterThan(tracer.predict(emptyTrace(), itemOf(7)) + 0.2);
  });

  it('lets the first answer count: more is expected after a right one', () => {
    const after = (right: 0 | 1): LearnerTrace => tracer.learn(emptyTrace(), { ...itemOf(3), right });
    for (let item = 0; item < itemCount; item++) {
      if (item === 3) continue;
      expect(tracer.predict(after(1), itemOf(item))).toBeGreaterThan(tracer.predict(after(0), itemOf(item)));
    }
  });

  it('expects of a new item what its skill lets expect, and of a new skill what all do', () => {
    const predicted = tracer.predict(emptyTrace(), { item: 900, skills: [2] });
    const ofSkill = shareOf(histories, ({ skills }) => skills[0] === 2);
    expect(Math.abs(predicted - ofSkill)).toBeLessThan(0.15);
    const unknown = tracer.predict(emptyTrace(), { item: 901, skills: [77] });
    expect(Math.abs(unknown - shareOf(histories, () => true))).toBeLessThan(0.15);
    const withKnown = tracer.predict(emptyTrace(), { item: 902, skills: [2, 77] });
    expect(withKnown).toBeGreaterThan(0.2);
    expect(withKnown).toBeLessThan(0.95);
  });

  it('tells a good learner from a weak one by a new item as well', () => {
    const trace = (right: 0 | 1): LearnerTrace => {
      let now = emptyTrace();
      for (let step = 0; step < 12; step++) now = tracer.learn(now, { ...itemOf(step), right });
      return now;
    };
    const item = { item: 900, skills: [2] };
    expect(tracer.predict(trace(1), item)).toBeGreaterThan(tracer.predict(trace(0), item) + 0.3);
  });

  it('is sure of nothing about somebody who answers at random', () => {
    const rng = seededRng('coin');
    const answers = Array.from({ length: 60 }, () => (rng() < 0.5 ? 1 : 0) as 0 | 1);
    const predictions = followed(tracer, answers.length, (step) => answers[step]!).slice(20);
    const loss = meanOf(predictions.map((p, at) => -Math.log(answers[20 + at] === 1 ? p : 1 - p)));
    expect(Math.abs(meanOf(predictions) - 0.5)).toBeLessThan(0.1);
    expect(loss).toBeLessThan(Math.LN2 + 0.12);
  });

  it('goes towards certainty with somebody who has everything right, or nothing, and never gets there', () => {
    const right = followed(tracer, 60, () => 1);
    const wrong = followed(tracer, 60, () => 0);
    expect(meanOf(right.slice(0, 20))).toBeLessThan(meanOf(right.slice(-20)));
    expect(meanOf(right.slice(-20))).toBeGreaterThan(0.9);
    expect(meanOf(wrong.slice(-20))).toBeLessThan(0.25);
    for (const p of [...right, ...wrong]) {
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
    }
  });
});

describe('a population of nobody', () => {
  it('begins with a guess, and takes the first answers for what they are', () => {
    const learner = new OnlineLearner(attuneFeatures);
    let trace = emptyTrace();
    const predictions = Array.from({ length: 12 }, () => {
      const next = learner.step(trace, { item: 0, skills: [0], right: 1 });
      ({ trace } = next);
      return next.probability;
    });
    expect(predictions[0]).toBeCloseTo(0.65, 1);
    expect(predictions.at(-1)).toBeGreaterThan(0.75);
    expect(new Tracer(learner.population()).predict(emptyTrace(), { item: 5, skills: [3] })).toBeLessThan(0.95);
  });

  it('learns from the first class: its predictions beat the share of right answers from early on', () => {
    const learner = new OnlineLearner(attuneFeatures);
    const told: { p: number; base: number; right: number }[] = [];
    let [seen, right] = [0, 0];
    for (const history of histories.slice(0, 40)) {
      let trace = emptyTrace();
      for (const response of history) {
        const next = learner.step(trace, response);
        ({ trace } = next);
        told.push({ p: next.probability, base: (right + 0.65) / (seen + 1), right: response.right });
        seen++;
        right += response.right;
      }
    }
    const loss = (of: 'p' | 'base'): number =>
      meanOf(told.slice(200).map((one) => -Math.log(one.right === 1 ? one[of] : 1 - one[of])));
    expect(loss('p')).toBeLessThan(loss('base'));
  });
});
