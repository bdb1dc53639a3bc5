import { describe, expect, it } from 'vitest';
import { emptyMastery, type ItemParameters, type MasteryEstimate } from '#libs/mastery';
import { aModel } from '../simulation/model-of.js';
import { fringeAndBand, fringeAndBandV1, isMastered, policies, policyNamed } from './fringe-and-band.js';

const anExercise = (number: number, skillId: string): ItemParameters => ({
  number,
  skillIds: [skillId],
  difficulty: 0,
});
const model = aModel(
  ['a'],
  [0, 1, 2, 3, 4, 5, 6, 7].map((number) => anExercise(number + 1, 'a')),
);

function after(answers: readonly boolean[]): MasteryEstimate {
  const state = answers.reduce(
    (before, correct, at) => model.update(before, { item: anExercise((at % 8) + 1, 'a'), correct, at: 0 }).state,
    emptyMastery(),
  );
  return model.estimate(state, 'a');
}

describe('mastery', () => {
  it('is shown by four right answers in a row, where the first policy waits for the estimate', () => {
    const right = (count: number): MasteryEstimate => after(Array.from({ length: count }, () => true));
    expect([3, 4].map((count) => isMastered(right(count), fringeAndBand))).toEqual([false, true]);
    expect(isMastered(right(4), fringeAndBandV1)).toBe(false);
    expect(isMastered(right(12), fringeAndBandV1)).toBe(true);
  });

  it('is not put off for good by a bad beginning, and a slip costs right answers', () => {
    const wrong = Array.from({ length: 6 }, () => false);
    expect(isMastered(after([...wrong, true, true]), fringeAndBand)).toBe(false);
    expect(isMastered(after([...wrong, ...Array.from({ length: 9 }, () => true)]), fringeAndBand)).toBe(true);
    const slipped = [true, true, true, true, false];
    expect(isMastered(after(slipped), fringeAndBand)).toBe(false);
    expect(isMastered(after([...slipped, true, true]), fringeAndBand)).toBe(true);
  });

  it('is not shown by knowledge tracing where the estimate rules it out', () => {
    const estimated = { skillId: 'a', probability: 0.6, low: 0.5, responses: 90, known: 0.99 };
    expect(isMastered({ ...estimated, high: 0.9 }, fringeAndBand)).toBe(true);
    expect(isMastered({ ...estimated, high: 0.84 }, fringeAndBand)).toBe(false);
  });

  it('goes by the estimate alone where nobody traces knowledge', () => {
    const estimated = { skillId: 'a', low: 0.5, high: 1, responses: 9 };
    expect(isMastered({ ...estimated, probability: 0.84 }, fringeAndBand)).toBe(false);
    expect(isMastered({ ...estimated, probability: 0.85 }, fringeAndBand)).toBe(true);
  });
});

it('finds policies by name and version, the newest first', () => {
  expect(policyNamed('outer-fringe-success-band')).toBe(fringeAndBand);
  expect(policyNamed('outer-fringe-success-band', 1)).toBe(fringeAndBandV1);
  expect(policyNamed('outer-fringe-success-band', 99)).toBeNull();
  expect(policyNamed('other')).toBeNull();
  expect(new Set(policies.map(({ name, version }) => `${name} ${version}`)).size).toBe(policies.length);
});
