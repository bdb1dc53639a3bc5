import type { Rng } from '#libs/kernel';
import { bootstrap, type Estimate, type Sums } from './bootstrap.js';
import { warningsOf, type EvaluationWarning, type Overlap } from './evaluation-warnings.js';
import type { LoggedDecision } from './logged-decision.js';
import { contextOf, fitRewards, type RewardModel } from './reward-model.js';
import { targetProbabilities, type TargetPolicy } from './target-policy.js';

export interface EvaluatePolicyOptions {
  readonly rng: Rng;
  /** Draws of the bootstrap; 1,000 where it is not given. */
  readonly repeats?: number;
  /** Groups of learners for cross-fitting; 5 where it is not given. */
  readonly folds?: number;
}

/** What a policy would have earned a decision, by several estimators, with what speaks against believing them. */
export interface PolicyEvaluation extends Overlap {
  readonly kind: 'evaluated';
  /** Mean reward of what was done. */
  readonly logged: Estimate;
  readonly ips: Estimate;
  readonly snips: Estimate;
  readonly doublyRobust: Estimate;
  /** Doubly robust estimate less the mean of what was done. */
  readonly improvement: Estimate;
  readonly warnings: readonly EvaluationWarning[];
}

/** Or why there is nothing to say. */
export type PolicyEvaluationOutcome =
  | PolicyEvaluation
  | { readonly kind: 'no-decisions' }
  /** The log says too little of this decision for the target's probabilities. */
  | { readonly kind: 'unknown-target'; readonly decisionId: string };

/**
 * Estimates the mean reward that a target policy π would have had in the logged situations, where a policy μ chose. With
 * w = π(a | x) / μ(a | x) of what was chosen, and q a model of the reward:
 *
 *   IPS    Σ w r / n                                         (Horvitz & Thompson 1952)
 *   SNIPS  Σ w r / Σ w                                       (Swaminathan & Joachims 2015)
 *   DR     Σ (Σ_a π(a | x) q(x, a) + w (r − q(x, a_chosen))) / n   (Dudík, Langford & Li 2011)
 *
 * IPS and DR are unbiased where μ gave a chance to whatever π might choose; DR varies less the better q is. For each
 * learner q is fitted to the others only (cross-fitting: Chernozhukov et al. 2018). Intervals: `bootstrap`, with q held.
 *
 * This is the value of choosing differently once in each of these situations. What would follow if a learner had been
 * taught by π all along, from situations that π leads to, it does not say.
 */
export function evaluatePolicy(
  decisions: readonly LoggedDecision[],
  target: TargetPolicy,
  { rng, repeats = 1_000, folds = 5 }: EvaluatePolicyOptions,
): PolicyEvaluationOutcome {
  if (decisions.length === 0) return { kind: 'no-decisions' };
  const learners = byLearner(decisions);
  const models = crossFitted(learners, folds);
  const tally = new Tally();
  const clusters: Sums[] = [];
  for (const [place, own] of learners.entries()) {
    const sums = new Float64Array(width);
    for (const decision of own) {
      const probabilities = targetProbabilities(decision, target);
      if (probabilities === null) return { kind: 'unknown-target', decisionId: decision.id };
      addTo(sums, decision, probabilities, models[place % models.length]!, tally);
    }
    clusters.push(sums);
  }
  const estimates = bootstrap(clusters, statistics, rng, repeats);
  const overlap = tally.overlap(decisions.length, learners.length);
  return { kind: 'evaluated', ...estimates, ...overlap, warnings: warningsOf(overlap) };
}

/** Places in the sums of a learner. */
const at = { count: 0, reward: 1, weight: 2, weighted: 3, robust: 4 } as const;
const width = 5;

const statistics = {
  logged: (sums: Sums) => sums[at.reward]! / sums[at.count]!,
  ips: (sums: Sums) => sums[at.weighted]! / sums[at.count]!,
  snips: (sums: Sums) => (sums[at.weight] === 0 ? 0 : sums[at.weighted]! / sums[at.weight]!),
  doublyRobust: (sums: Sums) => sums[at.robust]! / sums[at.count]!,
  improvement: (sums: Sums) => (sums[at.robust]! - sums[at.reward]!) / sums[at.count]!,
};

function addTo(
  sums: Sums,
  decision: LoggedDecision,
  probabilities: readonly number[],
  model: RewardModel,
  tally: Tally,
): void {
  const context = contextOf(decision);
  let expected = 0;
  let chosenWeight = 0;
  let chosenExpected = 0;
  let supported = 0;
  for (const [place, { activityId, action = activityId, probability }] of decision.candidates.entries()) {
    const wanted = probabilities[place]!;
    const predicted = model(context, action);
    expected += wanted * predicted;
    if (probability > 0) supported += wanted;
    if (activityId !== decision.chosen) continue;
    chosenWeight = wanted / probability;
    chosenExpected = predicted;
  }
  sums[at.count]! += 1;
  sums[at.reward]! += decision.reward;
  sums[at.weight]! += chosenWeight;
  sums[at.weighted]! += chosenWeight * decision.reward;
  sums[at.robust]! += expected + chosenWeight * (decision.reward - chosenExpected);
  tally.add(chosenWeight, Math.max(0, 1 - supported));
}

/** What the weights have been like. */
class Tally {
  private weights = 0;
  private squares = 0;
  private largest = 0;
  private unsupported = 0;

  add(weight: number, unsupported: number): void {
    this.weights += weight;
    this.squares += weight ** 2;
    this.largest = Math.max(this.largest, weight);
    this.unsupported += unsupported;
  }

  overlap(decisions: number, learners: number): Overlap {
    const { weights, squares, largest, unsupported } = this;
    return {
      decisions,
      learners,
      effectiveSampleSize: squares === 0 ? 0 : weights ** 2 / squares,
      largestWeightShare: weights === 0 ? 0 : largest / weights,
      meanWeight: weights / decisions,
      meanWeightError: Math.sqrt(Math.max(0, squares / decisions - (weights / decisions) ** 2) / decisions),
      unsupported: unsupported / decisions,
    };
  }
}

/** Decisions by learner, in the order of their first; whoever is not named stands alone. */
function byLearner(decisions: readonly LoggedDecision[]): readonly (readonly LoggedDecision[])[] {
  const learners = new Map<string, LoggedDecision[]>();
  const alone: LoggedDecision[][] = [];
  for (const decision of decisions) {
    const own = decision.learner === undefined ? undefined : learners.get(decision.learner);
    if (own !== undefined) own.push(decision);
    else if (decision.learner === undefined) alone.push([decision]);
    else learners.set(decision.learner, [decision]);
  }
  return [...learners.values(), ...alone];
}

/** For each group of learners, dealt out in turn, a model of what the others earned. */
function crossFitted(learners: readonly (readonly LoggedDecision[])[], folds: number): readonly RewardModel[] {
  return Array.from({ length: Math.max(1, folds) }, (_, fold) =>
    fitRewards(learners.filter((_own, place) => place % folds !== fold).flat()),
  );
}
