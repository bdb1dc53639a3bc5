import type { Choice, ChoiceInput, Reason, ScoredCandidate } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import { fitsLearner } from './fits-learner.js';
import { LearnerView } from './learner-view.js';
import { drawAmongBest, Shortlist } from './softmax.js';
import { bandFit, fillParts, mostOfReview, partNames, type Option } from './utility.js';

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
 * The lists `input.skills` and `input.candidates` are looked through once each: pass the same lists again. Then a choice
 * takes time in proportion to the activities of the skills that can be learnt now, and to what the learner has met:
 * mastered skills are passed over whose best review could not reach the shortlist.
 */
export function chooseNext(input: ChoiceInput, policy: Policy, seed: string): Choice {
  const view = new LearnerView(input, policy);
  const { exercises } = view.index;
  if (exercises.length === 0) return { kind: 'nothing-to-choose', reason: 'course-is-empty' };
  if (!exercises.some((exercise) => fitsLearner(exercise, input.learner))) {
    return { kind: 'nothing-to-choose', reason: 'nothing-fits-the-learner' };
  }
  const eligible = new Shortlist<Option>(Math.max(1, policy.shortlist), policy.shortlistPerSkill);
  const learning = view.learning.flatMap((skillId) => optionsFor(skillId, input, policy, view));
  for (const option of withoutRepeats(learning, policy, view)) eligible.offer(option);
  const tooSoon = offerReviews(eligible, input, policy, view);

  if (eligible.items.length === 0) {
    const reason = tooSoon ? 'everything-mastered-and-seen' : 'nothing-fits-the-learner';
    return { kind: 'nothing-to-choose', reason };
  }
  const { option, probability, shortlist } = drawAmongBest(eligible.items, policy, seed);
  return {
    kind: 'chosen',
    activityId: option.activityId,
    probability,
    expectedSuccess: option.expectedSuccess,
    candidates: shortlist.map(([each, chance]) => scoredOf(each, chance, policy, view)),
    reason: reasonFor(option, policy, view),
    seed,
    policy: { name: policy.name, version: policy.version },
  };
}

/** Most options are never named: their parts are added up here and forgotten. */
const scratch = new Float64Array(partNames.length);

/** The activities that would be for this skill, whether they come too soon again or not. */
function optionsFor(skillId: string, input: ChoiceInput, policy: Policy, view: LearnerView): readonly Option[] {
  const options: Writable<Option>[] = [];
  let bestFit = 0;
  for (const candidate of view.index.ofSkill(skillId)) {
    if (!candidate.skillIds.every((one) => view.isOpen(one)) || view.targetOf(candidate) !== skillId) continue;
    if (!fitsLearner(candidate, input.learner)) continue;
    const isExercise = candidate.kind === 'exercise';
    if (!isExercise && !view.isIntroduction(candidate)) continue;
    const { activityId } = candidate;
    const expectedSuccess = input.expectedSuccess(candidate);
    if (isExercise && policy.bandWithinSkill) bestFit = Math.max(bestFit, bandFit(expectedSuccess, policy.successBand));
    options.push({ activityId, candidate, target: skillId, expectedSuccess, bestFit: 0, utility: 0 });
  }
  for (const option of options) {
    option.bestFit = bestFit;
    option.utility = fillParts(scratch, option, policy, view);
  }
  return options;
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** What has not come lately; or, where repeats alone are left to learn from, all but the latest. */
function withoutRepeats(options: readonly Option[], { repeatAfter }: Policy, view: LearnerView): readonly Option[] {
  const fresh = options.filter(({ candidate }) => view.responsesSince(candidate) >= repeatAfter);
  if (fresh.length > 0 || options.length === 0) return fresh;
  const latest = Math.min(...options.map(({ candidate }) => view.responsesSince(candidate)));
  const others = options.filter(({ candidate }) => view.responsesSince(candidate) > latest);
  return others.length > 0 ? others : options;
}

/**
 * Offers the reviews to the shortlist, the most urgent skills first, and stops where even the best of a skill would not
 * be short-listed. Tells whether any review was left out because it would come too soon.
 */
function offerReviews(eligible: Shortlist<Option>, input: ChoiceInput, policy: Policy, view: LearnerView): boolean {
  let tooSoon = false;
  const worth = view.mastered.map((skillId) => [mostOfReview(skillId, policy, view), skillId] as const);
  for (const [most, skillId] of worth.sort(([a], [b]) => b - a)) {
    if (most < eligible.bar) break;
    for (const option of optionsFor(skillId, input, policy, view)) {
      if (view.responsesSince(option.candidate) >= policy.repeatAfter) eligible.offer(option);
      else tooSoon = true;
    }
  }
  return tooSoon;
}

function scoredOf(option: Option, probability: number, policy: Policy, view: LearnerView): ScoredCandidate {
  const parts = new Float64Array(partNames.length);
  fillParts(parts, option, policy, view);
  const terms = partNames.map((name, index) => ({ name, value: parts[index]! }));
  return { activityId: option.activityId, probability, utility: option.utility, terms };
}

function reasonFor({ target, candidate, expectedSuccess }: Option, policy: Policy, view: LearnerView): Reason {
  const { probability, responses } = view.mastery(target);
  const begun = responses > 0 ? 'practise-weakest' : 'on-the-fringe';
  const learning = candidate.kind === 'exercise' ? begun : 'introduce-skill';
  return {
    code: view.isMastered(target) ? 'review-mastered' : learning,
    skillId: target,
    expectedSuccess,
    masteryBefore: probability,
    masteryThreshold: policy.masteryThreshold,
    prerequisiteIds: view.graph.find(target)?.prerequisiteIds ?? [],
    opensSkills: view.graph.opens(target),
    responsesSinceSeen: view.responsesSinceSeen(target),
  };
}
