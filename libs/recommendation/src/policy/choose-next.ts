import type { Choice, ChoiceInput, Reason, ScoredCandidate } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import { ChoiceRules, type RuledReason } from './choice-rules.js';
import { fitsLearner } from './fits-learner.js';
import { eligibleOf, gatherOptions } from './gather-options.js';
import { LearnerView } from './learner-view.js';
import { drawAmongBest } from './softmax.js';
import { fillParts, partNames, type Option } from './utility.js';
import { soleOption, type Choosing } from './weigh-options.js';

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
    const pinned = soleOption(rules.pinned, choice);
    return chosenFrom([pinned], [pinned], choice);
  }
  const { options, best } = gatherOptions(choice);
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
