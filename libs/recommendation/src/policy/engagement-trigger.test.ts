import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engagementAspects, type EngagementInput, type EngagementSign } from '../model/engagement-input.js';
import { engagementFromRules, triggerFrom } from './engagement-trigger.js';
import { fringeAndBand } from './fringe-and-band.js';
import { triggerOf } from './choose-intervention.js';

const sign = (probability: number, confidence = 0.9): EngagementSign => ({ probability, confidence });
const from = (signs: Omit<EngagementInput, 'source'>, policy = fringeAndBand) =>
  triggerFrom({ source: 'model 3', ...signs }, policy);

describe('engagement calls for something', () => {
  it('from the thresholds of the policy on, in probability and in confidence', () => {
    expect(from({ boredom: sign(0.6, 0.6) })).toBe('bored');
    expect(from({ boredom: sign(0.59) })).toBeNull();
    expect(from({ boredom: sign(0.9, 0.59) })).toBeNull();
    const interventions = { ...fringeAndBand.interventions, thresholds: { boredom: sign(0.3, 0.3) } };
    expect(from({ boredom: sign(0.4, 0.4) }, { ...fringeAndBand, interventions })).toBe('bored');
  });
  it('by what is most certain, and of equals by the first', () => {
    expect(from({ confusion: sign(0.7), distraction: sign(0.8) })).toBe('distracted');
    expect(from({ boredom: sign(0.8), guessing: sign(0.8), confusion: sign(0.8) })).toBe('confused');
  });
  it('never without an estimate, nor by one that is no probability', () => {
    expect(from({})).toBeNull();
    for (const wrong of [Number.NaN, -1, 1.2, Infinity]) expect(from({ confusion: sign(wrong) })).toBeNull();
    expect(from({ confusion: sign(0.9, 7) })).toBeNull();
  });
});

it('of the rules is what it was before', () => {
  const labels = ['engaged', 'productive-struggle', 'confused', 'guessing', 'away', 'unknown'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...labels), fc.double({ min: 0.5, max: 0.95, noNaN: true }), (label, confidence) => {
      const engagement = engagementFromRules({ label, confidence, evidence: [] });
      expect(triggerFrom(engagement, fringeAndBand)).toBe(triggerOf(label));
    }),
  );
  expect(engagementFromRules({ label: 'distracted', confidence: 0.7, evidence: [] })).toEqual({
    source: 'rules',
    distraction: { probability: 0.7, confidence: 0.7 },
  });
});

it('calls for no less when an aspect is more certain', () => {
  const level = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...engagementAspects), level, level, level, (aspect, probability, confidence, more) => {
      const before = from({ [aspect]: { probability, confidence } });
      const after = from({ [aspect]: { probability: Math.max(probability, more), confidence } });
      if (before !== null) expect(after).toBe(before);
    }),
  );
});
