import type { EngagementEstimate, EngagementLabel } from '#libs/engagement';
import {
  engagementAspects,
  type EngagementAspect,
  type EngagementInput,
  type EngagementSign,
} from '../model/engagement-input.js';
import type { InterventionTrigger } from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { interventionNumbers } from './intervention-numbers.js';

const triggers: Readonly<Record<EngagementAspect, InterventionTrigger>> = {
  confusion: 'confused',
  guessing: 'guessing',
  distraction: 'distracted',
  boredom: 'bored',
};

const aspects: Readonly<Partial<Record<EngagementLabel, EngagementAspect>>> = {
  confused: 'confusion',
  guessing: 'guessing',
  distracted: 'distraction',
};

/** What the rules say, as an input to choosing: the weight of the rule stands for both its probability and confidence. */
export function engagementFromRules({ label, confidence }: EngagementEstimate): EngagementInput {
  const aspect = aspects[label];
  if (aspect === undefined) return { source: 'rules' };
  return { source: 'rules', [aspect]: { probability: confidence, confidence } };
}

/**
 * What engagement calls for under a policy; null for nothing. Of the aspects whose probability and confidence reach the
 * policy's thresholds it is the one with the largest product of the two; of equals, the first of `engagementAspects`.
 * A sign that is no number between 0 and 1 says nothing.
 */
export function triggerFrom(
  engagement: EngagementInput,
  policy: Pick<Policy, 'interventions'>,
): InterventionTrigger | null {
  const { thresholds } = interventionNumbers(policy);
  let strongest: EngagementAspect | null = null;
  let strength = -1;
  for (const aspect of engagementAspects) {
    const sign = engagement[aspect];
    if (sign === undefined || !isSign(sign)) continue;
    const { probability, confidence } = thresholds[aspect];
    if (sign.probability < probability || sign.confidence < confidence) continue;
    if (sign.probability * sign.confidence > strength) {
      strongest = aspect;
      strength = sign.probability * sign.confidence;
    }
  }
  return strongest === null ? null : triggers[strongest];
}

function isSign({ probability, confidence }: EngagementSign): boolean {
  return probability >= 0 && probability <= 1 && confidence >= 0 && confidence <= 1;
}
