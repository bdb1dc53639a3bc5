import { describe, expect, it } from 'vitest';
import { fringeAndBand } from './fringe-and-band.js';
import { interventionNumbers } from './intervention-numbers.js';
import { findPolicy } from './find-policy.js';
import { readPolicy, type StoredPolicy } from './stored-policy.js';

const stored = (changes: unknown, more: Partial<StoredPolicy> = {}): StoredPolicy => ({
  name: 'bolder',
  version: 1,
  base: fringeAndBand,
  changes,
  ...more,
});
const read = (changes: unknown, more: Partial<StoredPolicy> = {}) => readPolicy(stored(changes, more), [fringeAndBand]);

describe('a stored policy', () => {
  it('is its base with other numbers, the optional ones too', () => {
    const reading = read({
      epsilon: 0.2,
      successBand: [0.6, 0.8],
      weights: { variety: 0.5, reviewDue: 3 },
      interventions: { perWindow: 1, thresholds: { boredom: { probability: 0.7 } } },
    });
    if (reading.kind === 'wrong') throw new Error(reading.what);
    const { policy } = reading;
    expect(policy).toMatchObject({ name: 'bolder', version: 1, epsilon: 0.2, successBand: [0.6, 0.8] });
    expect(policy.weights).toEqual({ ...fringeAndBand.weights, variety: 0.5, reviewDue: 3, dueDate: 2 });
    expect(policy.temperature).toBe(fringeAndBand.temperature);
    expect(interventionNumbers(policy).thresholds.boredom).toEqual({ probability: 0.7, confidence: 0.6 });
    expect(findPolicy([fringeAndBand, policy], { name: 'bolder', version: 1 })).toBe(policy);
    expect(findPolicy([fringeAndBand], { name: 'bolder', version: 1 })).toBeNull();
  });
  it('may be no different, under a name of its own', () => {
    expect(read({}).kind).toBe('policy');
    expect(read(undefined).kind).toBe('policy');
  });
  it.each([
    [{ epsilon: 1.1 }, 'epsilon is above 1'],
    [{ temperature: 0 }, 'temperature is 0'],
    [{ shortlist: 2.5 }, 'shortlist is not a number of candidates'],
    [{ successBand: [0.9, 0.8] }, 'successBand is upside down'],
    [{ successBand: { low: 0.5 } }, 'successBand has another shape'],
    [{ weights: { fringe: '1' } }, 'weights.fringe is not a number from 0 on'],
    [{ weights: { fringe: -1 } }, 'weights.fringe is not a number from 0 on'],
    [{ weights: { speed: 1 } }, 'there is no weights.speed'],
    [{ interventions: { thresholds: { boredom: { confidence: 3 } } } }, 'the threshold of boredom is above 1'],
    [{ name: 'other' }, 'there is no name'],
    ['all', 'the whole has another shape'],
  ])('is refused with what is wrong with it: %j', (changes, what) => {
    expect(read(changes)).toEqual({ kind: 'wrong', what });
  });
  it('is refused without its base, and under a name that is taken', () => {
    expect(read({}, { base: { name: 'unheard of', version: 2 } }).kind).toBe('wrong');
    expect(read({}, { name: fringeAndBand.name, version: fringeAndBand.version }).kind).toBe('wrong');
  });
});
