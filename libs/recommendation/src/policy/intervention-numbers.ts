import type { EngagementAspect, EngagementSign } from '../model/engagement-input.js';
import type { Policy } from '../model/policy.js';
import { helpFloor } from './help-bandit.js';

/** The numbers that a policy has for offers, with those that it leaves out. */
export interface InterventionNumbers extends Required<Omit<Policy['interventions'], 'thresholds'>> {
  readonly thresholds: Readonly<Record<EngagementAspect, EngagementSign>>;
}

/**
 * Confusion and guessing call for help from where the rules of `observe` name them. Boredom and distraction are told from
 * less, so more is asked of them.
 */
const thresholds: InterventionNumbers['thresholds'] = {
  confusion: { probability: 0.5, confidence: 0.5 },
  guessing: { probability: 0.5, confidence: 0.5 },
  distraction: { probability: 0.6, confidence: 0.6 },
  boredom: { probability: 0.6, confidence: 0.6 },
};

/** A policy's numbers for offers, with the defaults of those that it leaves out. */
export function interventionNumbers({ interventions }: Pick<Policy, 'interventions'>): InterventionNumbers {
  return {
    tightening: 1,
    challengeBand: [0.5, 0.7],
    shortMinutes: 3,
    breakFrom: 0.8,
    breakEvery: 20,
    breakMinutes: 5,
    helpFloor,
    ...interventions,
    thresholds: { ...thresholds, ...interventions.thresholds },
  };
}
