import { describe, expect, it } from 'vitest';
import { emptyMastery, estimate, update, type MasteryEstimate } from '#libs/mastery';
import { findPolicy, fringeAndBand, fringeAndBandV1, isMastered, leadFor, policies } from './fringe-and-band.js';

const knowing = fringeAndBand.knowing!;

function after(answers: readonly boolean[]): MasteryEstimate {
  const item = { skillIds: ['a'], difficulty: 0 };
  const state = answers.reduce((before, correct) => update(before, { item, correct }).state, emptyMastery());
  return estimate(state, 'a');
}

describe('mastery', () => {
  it('takes a lead that grows with the threshold of the course', () => {
    expect([0.5, 0.7, 0.85, 0.95, 0.99].map((threshold) => leadFor(threshold, knowing))).toEqual([2, 3, 4, 5, 6]);
  });

  it('is shown by four right answers in a row, where the first policy waited for eight', () => {
    const right = (count: number): MasteryEstimate => after(Array.from({ length: count }, () => true));
    expect([3, 4].map((count) => isMastered(right(count), fringeAndBand))).toEqual([false, true]);
    expect([7, 8].map((count) => isMastered(right(count), fringeAndBandV1))).toEqual([false, true]);
  });

  it('is not put off for good by a bad beginning, and a slip costs two right answers', () => {
    const wrong = Array.from({ length: 6 }, () => false);
    expect(isMastered(after([...wrong, true, true, true, true]), fringeAndBand)).toBe(false);
    const slipped = [true, true, true, true, false];
    expect(isMastered(after(slipped), fringeAndBand)).toBe(false);
    expect(isMastered(after([...slipped, true]), fringeAndBand)).toBe(false);
    expect(isMastered(after([...slipped, true, true]), fringeAndBand)).toBe(true);
  });

  it('is not shown by a lead that the estimate rules out', () => {
    const estimated = { skillId: 'a', probability: 0.6, low: 0.5, responses: 90, lead: 4 };
    expect(isMastered({ ...estimated, high: 0.9 }, fringeAndBand)).toBe(true);
    expect(isMastered({ ...estimated, high: 0.84 }, fringeAndBand)).toBe(false);
  });

  it('goes by the estimate alone where nobody counts the lead', () => {
    const estimated = { skillId: 'a', low: 0.5, high: 1, responses: 9 };
    expect(isMastered({ ...estimated, probability: 0.84 }, fringeAndBand)).toBe(false);
    expect(isMastered({ ...estimated, probability: 0.85 }, fringeAndBand)).toBe(true);
  });
});

it('finds policies by name and version, the newest first', () => {
  expect(findPolicy('outer-fringe-success-band')).toBe(fringeAndBand);
  expect(findPolicy('outer-fringe-success-band', 1)).toBe(fringeAndBandV1);
  expect(findPolicy('outer-fringe-success-band', 99)).toBeNull();
  expect(findPolicy('other')).toBeNull();
  expect(new Set(policies.map(({ name, version }) => `${name} ${version}`)).size).toBe(policies.length);
});
