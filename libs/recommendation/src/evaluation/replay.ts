import { draw, propensities } from '../policy/softmax.js';

/** What a stored decision was drawn from. */
export interface StoredDraw {
  /** In the order in which they were stored: best first. */
  readonly candidates: readonly { readonly activityId: string; readonly utility: number }[];
  readonly policy: { readonly temperature: number; readonly epsilon: number };
  readonly seed: string;
}

/** A decision drawn again. */
export interface Replay {
  readonly activityId: string;
  readonly probability: number;
  /** Of all candidates, in their order. */
  readonly probabilities: readonly number[];
}

/** Draws a stored decision again: the same propensities and the same choice, bit for bit. */
export function replayDecision({ candidates, policy, seed }: StoredDraw): Replay {
  const utilities = candidates.map(({ utility }) => utility);
  const probabilities = propensities(utilities, policy.temperature, policy.epsilon);
  const index = draw(probabilities, seed);
  return { activityId: candidates[index]!.activityId, probability: probabilities[index]!, probabilities };
}
