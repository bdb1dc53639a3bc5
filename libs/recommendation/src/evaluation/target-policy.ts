import { propensities } from '../policy/softmax.js';
import type { LoggedDecision } from './logged-decision.js';

/** The policy that is asked about: what it would have given each candidate of a decision. */
export type TargetPolicy =
  /** What the decision itself says: `target`. */
  | { readonly kind: 'logged' }
  | { readonly kind: 'uniform' }
  /** The same utilities under another softmax. */
  | { readonly kind: 'softmax'; readonly temperature: number; readonly epsilon: number };

/** The probabilities of a target policy over a decision's candidates; null where the log does not say enough. */
export function targetProbabilities(decision: LoggedDecision, target: TargetPolicy): readonly number[] | null {
  const { candidates } = decision;
  switch (target.kind) {
    case 'logged':
      return decision.target ?? null;
    case 'uniform':
      return candidates.map(() => 1 / candidates.length);
    case 'softmax': {
      const utilities = utilitiesOf(decision);
      return utilities === null ? null : propensities(utilities, target.temperature, target.epsilon);
    }
  }
}

/**
 * The utilities of a decision's candidates: as stored, or else, but for a constant that no softmax sees, from
 * π = (1 − ε) softmax(U / T) + ε / n, which is U = T ln(π − ε / n). Null where neither can be had.
 */
export function utilitiesOf({ candidates, policy }: LoggedDecision): readonly number[] | null {
  const stored = candidates.map(({ utility }) => utility);
  if (stored.every((utility) => utility !== undefined)) return stored;
  const { temperature, epsilon } = policy;
  if (temperature === undefined || epsilon === undefined) return null;
  // Rounding may take a probability to its floor or just below: it counts as the least that single precision tells apart.
  return candidates.map(
    ({ probability }) => temperature * Math.log(Math.max(probability - epsilon / candidates.length, 2 ** -24)),
  );
}
