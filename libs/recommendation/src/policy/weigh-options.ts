import type { Candidate, ChoiceInput } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import type { ChoiceRules } from './choice-rules.js';
import { fitsLearner } from './fits-learner.js';
import type { LearnerView } from './learner-view.js';
import { bandFit, fillParts, partNames, type Option } from './utility.js';

/** What one choice is made of. */
export interface Choosing {
  readonly input: ChoiceInput;
  readonly policy: Policy;
  readonly view: LearnerView;
  readonly rules: ChoiceRules;
  readonly seed: string;
}

/** Most options are never named: their parts are added up here and forgotten. */
const scratch = new Float64Array(partNames.length);

/** The activities that would be for this skill. */
export function optionsFor(skillId: string, choice: Choosing): readonly Option[] {
  const { input, policy, view, rules } = choice;
  const options: Unweighed[] = [];
  let bestFit = 0;
  for (const candidate of view.index.ofSkill(skillId)) {
    if (rules.isBanned(candidate) || view.targetOf(candidate) !== skillId) continue;
    if (!candidate.skillIds.every((one) => view.isOpen(one)) && !rules.isReview(candidate, view)) continue;
    if (!fitsLearner(candidate, input.learner)) continue;
    const isExercise = candidate.kind === 'exercise';
    if (!isExercise && !view.isIntroduction(candidate) && !rules.isDated(candidate)) continue;
    const option = optionOf(candidate, skillId, choice);
    if (isExercise && policy.bandWithinSkill)
      bestFit = Math.max(bestFit, bandFit(option.expectedSuccess, policy.successBand));
    options.push(option);
  }
  for (const option of options) weigh(option, bestFit, choice);
  return options;
}

/** An option that has no utility yet, and is given it in place: there are hundreds of them. */
type Unweighed = { -readonly [Part in keyof Option]: Option[Part] };

export function optionOf(candidate: Candidate, target: string, { input, view }: Choosing): Unweighed {
  return {
    activityId: candidate.activityId,
    candidate,
    target,
    place: view.graph.placeOf(target),
    learning: !view.isMastered(target),
    expectedSuccess: input.expectedSuccess(candidate),
    bestFit: 0,
    utility: 0,
  };
}

/** Gives an option its utility, beside the best of its skill. */
export function weigh(option: Unweighed, bestFit: number, { policy, view, rules }: Choosing): Option {
  option.bestFit = bestFit;
  option.utility = fillParts(scratch, option, policy, view);
  for (const { value } of rules.terms(option)) option.utility += value;
  return option;
}
