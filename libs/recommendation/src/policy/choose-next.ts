import type { Candidate, Choice, ChoiceInput, Reason, ScoredCandidate } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import { ChoiceRules, type RuledReason } from './choice-rules.js';
import { fitsLearner } from './fits-learner.js';
import { LearnerView } from './learner-view.js';
import { drawAmongBest, Shortlist } from './softmax.js';
import { bandFit, fillParts, mostOf, partNames, type Option } from './utility.js';

/**
 * Chooses what comes next.
 *
 * Eligible is an activity that fits the learner, whose skills all have every prerequisite mastered, near and far (the
 * outer fringe of a knowledge space: J.-C. Falmagne & J.-P. Doignon, "Learning Spaces", 2011), and that has not come
 * within the last `repeatAfter` responses, if it is
 * - an exercise; or
 * - the first explanation, worked example, film or interactive piece of a skill that has never been answered, while
 *   the learner is not likely to know it anyway (mastery above the success band): examples before problems help novices and
 *   hold up those who know (Sweller & Cooper 1985; Kalyuga 2003, expertise reversal).
 * If repeats alone stand between the learner and a skill that is not mastered, a repeat is better than nothing.
 *
 * The utility of each is a weighted sum of named parts: `fringe` (some skill is not mastered), `success-band` (1 where
 * the expected success is in the band, falling off outside as a normal density with deviation .1; less that of the best
 * exercise of the same skill, where the policy compares within skills), `introduction`, `progress` (mastery so far over
 * the threshold: finish what is begun), `gain` (what one more practice is expected to add: see `expectedGain`), `opens`
 * (share of the course's skills that wait for it), `review` (for mastered skills, r / (r + reviewAfter), r: responses
 * since the skill was seen) and `variety` (− n / (1 + n), n: times seen).
 *
 * The policy is a softmax with temperature over the `shortlist` best, of which so many may be for one skill, mixed with ε
 * of the uniform one, drawn by a generator seeded with `seed`. What is cut from the shortlist has probability 0, so the
 * returned candidates are the whole distribution. Same input and seed, same choice, in whatever order the candidates
 * come.
 *
 * What teachers have set (`input.controls`) and reviews that are due (`input.dueReviews`) rule over this: see
 * `ChoiceRules`.
 *
 * Of equal utility, the skill that comes first in `input.skills` comes first.
 *
 * The lists `input.skills` and `input.candidates` are looked through once each: pass the same lists again. Then a choice
 * takes time in proportion to what the learner has met, and to the activities of the few skills that fill the shortlist:
 * skills are passed over whose best activity could not reach it. Where very many skills are open that the learner has not
 * met, those that open most are weighed, 16 at a time, and no more when the shortlist is full.
 */
export function chooseNext(input: ChoiceInput, given: Policy, seed: string): Choice {
  const rules = new ChoiceRules(input, given);
  const { policy } = rules;
  const view = new LearnerView(input, policy);
  const choice: Choosing = { input, policy, view, rules, seed };
  if (rules.pinned !== null) {
    const pinned = weigh(optionOf(rules.pinned, view.targetOf(rules.pinned), choice), 0, choice);
    return chosenFrom([pinned], [pinned], choice);
  }
  const { options, best } = optionsOf(choice);
  const ordered = rules.inOrder(options, view);
  const eligible = ordered === options ? best : eligibleOf(ordered, choice);
  if (eligible.length > 0) return chosenFrom(eligible, best, choice);
  const unbanned = rules.unbanned();
  if (unbanned !== null && chooseNext(unbanned, given, seed).kind === 'chosen') {
    return { kind: 'nothing-to-choose', reason: 'ruled-out-by-teacher' };
  }
  const asked = view.index.exercises.filter((exercise) => !rules.isBanned(exercise));
  if (asked.length === 0) return { kind: 'nothing-to-choose', reason: 'course-is-empty' };
  const fits = options.length > 0 && asked.some((exercise) => fitsLearner(exercise, input.learner));
  return { kind: 'nothing-to-choose', reason: fits ? 'everything-mastered-and-seen' : 'nothing-fits-the-learner' };
}

/** How many skills that the learner has not met are weighed at once. */
const unmetAtOnce = 16;

/** What one choice is made of. */
interface Choosing {
  readonly input: ChoiceInput;
  readonly policy: Policy;
  readonly view: LearnerView;
  readonly rules: ChoiceRules;
  readonly seed: string;
}

/** Draws among what is eligible; `unordered` is what would be without the order that a teacher has set. */
function chosenFrom(eligible: readonly Option[], unordered: readonly Option[], choice: Choosing): Choice {
  const { policy, rules, seed } = choice;
  const { option, probability, shortlist } = drawAmongBest(eligible, policy, seed);
  return {
    kind: 'chosen',
    activityId: option.activityId,
    probability,
    expectedSuccess: option.expectedSuccess,
    candidates: shortlist.map(([each, chance]) => scoredOf(each, chance, choice)),
    reason: reasonFor(option, choice, rules.decided(option, eligible, unordered)),
    seed,
    policy: { name: policy.name, version: policy.version },
  };
}

/** Most options are never named: their parts are added up here and forgotten. */
const scratch = new Float64Array(partNames.length);

/**
 * Everything that could come, whether too soon again or not, of the skills that may have a part in the choice: the skill
 * that the teacher's order names, then those that are open, the most promising first, until no option of the next could
 * reach the shortlist. Of those that the learner has not met, only so many are looked at as it takes.
 */
function optionsOf(choice: Choosing): Options {
  const { policy, view, rules } = choice;
  const options: Option[] = [];
  const kept = shortlistOf(policy);
  const taken = new Set<string>();
  let learns = false;
  const take = (skillId: string): readonly Option[] => {
    if (taken.has(skillId)) return [];
    taken.add(skillId);
    const found = optionsFor(skillId, choice);
    for (const option of found) {
      options.push(option);
      if (view.responsesSince(option.candidate) < policy.repeatAfter) continue;
      kept.offer(option);
      learns ||= option.learning;
    }
    return found;
  };
  for (const skillId of rules.orderFor(view)) if (take(skillId).some(({ learning }) => learning)) break;
  const takeBest = (skillIds: readonly string[]): void => {
    for (const promise of promisesOf(skillIds, choice)) {
      // Unless something can be learnt that has not come lately, repeats count as well: see `withoutRepeats`.
      if (kept.mayTake(promise) || (!learns && !view.isMastered(promise.skillId))) take(promise.skillId);
      else if (learns) return;
    }
  };
  const { begun, mastered, unmet } = view;
  takeBest([...begun, ...mastered, ...rules.lifted(unmet), ...unmet.slice(0, unmetAtOnce)]);
  for (let next = unmetAtOnce; next < unmet.length && !(kept.isFull && learns); next += unmetAtOnce)
    takeBest(unmet.slice(next, next + unmetAtOnce));
  for (const skillId of rules.dueSkills) if (!view.isOpen(skillId)) take(skillId);
  return { options, best: learns ? kept.items : eligibleOf(options, choice) };
}

interface Options {
  readonly options: readonly Option[];
  /** The shortlist of them. */
  readonly best: readonly Option[];
}

/** What the best activity of each of some skills could be worth at most, the most first. */
function promisesOf(skillIds: readonly string[], { policy, view, rules }: Choosing): readonly Promised[] {
  const promised = (skillId: string): Promised => {
    const kind = view.index.explains(skillId);
    const explains = kind !== null && (kind === 'with-others' || view.isIntroducible(skillId) || rules.haveDates);
    const utility = mostOf(skillId, explains, policy, view) + rules.mostAddedTo(skillId);
    return { skillId, utility, place: view.graph.placeOf(skillId) };
  };
  return skillIds.map(promised).sort((one, other) => other.utility - one.utility || one.place - other.place);
}

interface Promised {
  readonly skillId: string;
  readonly utility: number;
  readonly place: number;
}

/** The activities that would be for this skill. */
function optionsFor(skillId: string, choice: Choosing): readonly Option[] {
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

function optionOf(candidate: Candidate, target: string, { input, view }: Choosing): Unweighed {
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
function weigh(option: Unweighed, bestFit: number, { policy, view, rules }: Choosing): Option {
  option.bestFit = bestFit;
  option.utility = fillParts(scratch, option, policy, view);
  for (const { value } of rules.terms(option)) option.utility += value;
  return option;
}

/** The shortlist of some options, without what would come again too soon. */
function eligibleOf(options: readonly Option[], { policy, view }: Choosing): readonly Option[] {
  const kept = shortlistOf(policy);
  for (const option of withoutRepeats(options, policy, view)) kept.offer(option);
  return kept.items;
}

function shortlistOf({ shortlist, shortlistPerSkill }: Policy): Shortlist<Option> {
  return new Shortlist<Option>(Math.max(1, shortlist), shortlistPerSkill);
}

/**
 * What has not come lately; or, where repeats alone are left to learn from, all of those but the latest as well.
 */
function withoutRepeats(options: readonly Option[], { repeatAfter }: Policy, view: LearnerView): readonly Option[] {
  const ago = ({ candidate }: Option): number => view.responsesSince(candidate);
  const fresh = options.filter((option) => ago(option) >= repeatAfter);
  if (fresh.some(({ learning }) => learning)) return fresh;
  const repeats = options.filter(({ learning }) => learning);
  if (repeats.length === 0) return fresh;
  const latest = Math.min(...repeats.map(ago));
  const others = repeats.filter((option) => ago(option) > latest);
  return fresh.concat(others.length > 0 ? others : repeats);
}

function scoredOf(option: Option, probability: number, { policy, view, rules }: Choosing): ScoredCandidate {
  const parts = new Float64Array(partNames.length);
  fillParts(parts, option, policy, view);
  const terms = [...partNames.map((name, index) => ({ name, value: parts[index]! })), ...rules.terms(option)];
  return { activityId: option.activityId, probability, utility: option.utility, terms };
}

/** Why an option was chosen; where rules decided, they say about which skill. */
function reasonFor(option: Option, { policy, view }: Choosing, ruled: RuledReason | null): Reason {
  const skillId = ruled?.skillId ?? option.target;
  const { probability, responses } = view.mastery(skillId);
  const begun = responses > 0 ? 'practise-weakest' : 'on-the-fringe';
  const learning = option.candidate.kind === 'exercise' ? begun : 'introduce-skill';
  return {
    code: option.learning ? learning : 'review-mastered',
    skillId,
    expectedSuccess: option.expectedSuccess,
    masteryBefore: probability,
    masteryThreshold: policy.masteryThreshold,
    prerequisiteIds: view.graph.find(skillId)?.prerequisiteIds ?? [],
    opensSkills: view.graph.opens(skillId),
    responsesSinceSeen: view.responsesSinceSeen(skillId),
    ...ruled,
  };
}
