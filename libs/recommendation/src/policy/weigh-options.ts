import type { Candidate, ChoiceInput } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import type { ChoiceRules } from './choice-rules.js';
import { fitsLearner } from './fits-learner.js';
import type { LearnerView } from './learner-view.js';
import { bandFit, fillOwnParts, fillSkillParts, partNames, type Option } from './utility.js';

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
  const skill = targeted(skillId, view);
  let bestFit = 0;
  for (const candidate of view.index.ofSkill(skillId)) {
    if (rules.isBanned(candidate) || view.targetOf(candidate) !== skillId) continue;
    if (!candidate.skillIds.every((one) => view.isOpen(one)) && !rules.isReview(candidate, view)) continue;
    if (!fitsLearner(candidate, input.learner)) continue;
    const isExercise = candidate.kind === 'exercise';
    if (!isExercise && !view.isIntroduction(candidate) && !rules.isDated(candidate)) continue;
    const option = optionOf(candidate, skill, input);
    if (isExercise && policy.bandWithinSkill)
      bestFit = Math.max(bestFit, bandFit(option.expectedSuccess, policy.successBand));
    options.push(option);
  }
  weigh(options, bestFit, choice);
  return options;
}

/** The option that an activity is by itself, whether it may come or not. */
export function soleOption(candidate: Candidate, choice: Choosing): Option {
  const option = optionOf(candidate, targeted(choice.view.targetOf(candidate), choice.view), choice.input);
  weigh([option], 0, choice);
  return option;
}

/** An option that has no utility yet, and is given it in place: there are hundreds of them. */
type Unweighed = { -readonly [Part in keyof Option]: Option[Part] };

type Targeted = Pick<Option, 'target' | 'place' | 'learning'>;

function targeted(skillId: string, view: LearnerView): Targeted {
  return { target: skillId, place: view.graph.placeOf(skillId), learning: !view.isMastered(skillId) };
}

function optionOf(candidate: Candidate, { target, place, learning }: Targeted, input: ChoiceInput): Unweighed {
  const { activityId } = candidate;
  const expectedSuccess = input.expectedSuccess(candidate);
  return { activityId, candidate, target, place, learning, expectedSuccess, bestFit: 0, utility: 0 };
}

/** Gives the options of one skill their utilities. */
function weigh(options: readonly Unweighed[], bestFit: number, { policy, view, rules }: Choosing): void {
  if (options.length === 0) return;
  fillSkillParts(scratch, options[0]!.target, policy, view);
  for (const option of options) {
    option.bestFit = bestFit;
    option.utility = fillOwnParts(scratch, option, policy, view);
    for (const { value } of rules.terms(option)) option.utility += value;
  }
}
