import {
  chooseNext,
  explainDecision,
  explanationLanguage,
  type ChoiceInput,
  type Explanation,
  type Policy,
  type StoredDecision,
} from '#libs/recommendation';
import { namesIn } from '../model/activity-view.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { withoutExposure, type LearnerState } from '../model/learner-state.js';
import type { DecisionRecord } from '../model/records.js';
import { choiceInput, type Learner } from './choose-activity.js';
import { citedPolicy, policyOf } from './policy-of.js';

/** Whose decision it is, and what is known of her now. */
export interface Decided {
  readonly learner: Learner;
  /** Null when it is not kept any more. */
  readonly state: LearnerState | null;
}

/**
 * Explains a stored recommendation. While it stands, what it was made from is still there: the choice is made again and, if
 * it comes out the same, its counterfactual is found by choosing once more with something changed. Of an older one only the
 * stored terms tell.
 * @param languages of whoever reads it
 */
export function explainChoice(
  catalogue: CourseCatalogue,
  decision: DecisionRecord,
  decided: Decided,
  languages: readonly string[],
): Explanation {
  const policy = policyOfDecision(catalogue, decision);
  const input = inputAgain(catalogue, decision, decided, policy);
  return explainDecision(
    storedDecision(catalogue, decision),
    { policy, ...(input && { input }) },
    { names: namesIn(catalogue, languages), language: explanationLanguage(languages) },
  );
}

/** The policy that a decision cites, with the threshold of the course; the one of today where it is no longer known. */
function policyOfDecision(catalogue: CourseCatalogue, { policyName, policyVersion }: DecisionRecord): Policy {
  return citedPolicy(catalogue, policyName, policyVersion) ?? policyOf(catalogue);
}

/** The stored form with activities by their ids. What the course no longer has is left out. */
function storedDecision(catalogue: CourseCatalogue, decision: DecisionRecord): StoredDecision {
  const { activityId, reason, terms, candidates, probabilities } = decision;
  const ids = new Map(Array.from(catalogue.activities.values(), ({ id, number }) => [number, id]));
  return {
    activityId,
    reason,
    terms,
    candidates: candidates.flatMap((number, place) => {
      const id = ids.get(number);
      return id === undefined ? [] : [{ activityId: id, probability: probabilities[place]! }];
    }),
  };
}

/** What a standing decision was made from; null when it does not stand, or when choosing again comes out otherwise. */
function inputAgain(
  catalogue: CourseCatalogue,
  decision: DecisionRecord,
  { learner, state }: Decided,
  policy: Policy,
): ChoiceInput | null {
  const shown = catalogue.activities.get(decision.activityId);
  if (state === null || state.decisionId !== decision.id || shown === undefined) return null;
  // Work has told more of her since.
  if (state.sequence !== decision.sequence) return null;
  const before = withoutExposure(state, shown.number);
  if (before === null) return null;
  const input = choiceInput(catalogue, learner, before, decision.decidedAt.getTime());
  const again = chooseNext(input, policy, decision.seed);
  const isSame = again.kind === 'chosen' && again.activityId === decision.activityId;
  return isSame && Math.fround(again.probability) === Math.fround(decision.probability) ? input : null;
}
