import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, Choice, ChoiceInput, Reason, ScoredCandidate } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import { ChoiceRules, type RuledReason } from './choice-rules.js';
import { fitsLearner } from './fits-learner.js';
import { isMastered } from './fringe-and-band.js';
import { graphOf } from './skill-graph.js';
import { drawAmongBest } from './softmax.js';

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
 * the expected success is in the band, falling off outside as a normal density with deviation .1), `introduction`,
 * `progress` (mastery so far over the threshold: finish what is begun), `opens` (share of the course's skills that
 * wait for it), `review` (for mastered skills, r / (r + reviewAfter), r: responses since the skill was seen) and
 * `variety` (− n / (1 + n), n: times seen). The policy is a softmax with temperature over the `shortlist` best, mixed
 * with ε of the uniform one, drawn by a generator seeded with `seed`. What is cut from the shortlist has probability 0,
 * so the returned candidates are the whole distribution. Same input and seed, same choice, in whatever order the
 * candidates come.
 *
 * What teachers have set (`input.controls`) and reviews that are due (`input.dueReviews`) rule over this: see
 * `ChoiceRules`.
 *
 * The prerequisite graph is looked through once for each `input.skills` list: pass the same list again.
 */
export function chooseNext(input: ChoiceInput, given: Policy, seed: string): Choice {
  const rules = new ChoiceRules(input, given);
  const { policy } = rules;
  const view = new LearnerView(input, policy, rules);
  if (rules.pinned !== null) {
    const pinned = [optionOf(rules.pinned, input, policy, view)];
    return chosenFrom(pinned, pinned, policy, view, seed);
  }
  const options: Option[] = [];
  let asks = 0;
  let fitting = 0;
  for (const candidate of input.candidates) {
    if (candidate.kind === 'visual-assignment' || candidate.skillIds.length === 0 || rules.isBanned(candidate))
      continue;
    if (candidate.kind === 'exercise') asks++;
    if (!fitsLearner(candidate, input.learner)) continue;
    if (candidate.kind === 'exercise') fitting++;
    if (!candidate.skillIds.every((skillId) => view.isOpen(skillId)) && !rules.isReview(candidate, view)) continue;
    if (candidate.kind !== 'exercise' && !view.isIntroduction(candidate) && !rules.isDated(candidate)) continue;
    options.push(optionOf(candidate, input, policy, view));
  }
  const ordered = rules.inOrder(options, view);
  const eligible = withoutRepeats(ordered, input, policy);
  if (eligible.length > 0) {
    const unordered = ordered === options ? eligible : withoutRepeats(options, input, policy);
    return chosenFrom(eligible, unordered, policy, view, seed);
  }
  const unbanned = rules.unbanned();
  if (unbanned !== null && chooseNext(unbanned, given, seed).kind === 'chosen') {
    return { kind: 'nothing-to-choose', reason: 'ruled-out-by-teacher' };
  }
  if (asks === 0) return { kind: 'nothing-to-choose', reason: 'course-is-empty' };
  if (fitting === 0) return { kind: 'nothing-to-choose', reason: 'nothing-fits-the-learner' };
  const reason = options.length > 0 ? 'everything-mastered-and-seen' : 'nothing-fits-the-learner';
  return { kind: 'nothing-to-choose', reason };
}

/** Draws among what is eligible; `unordered` is what would be without the order that a teacher has set. */
function chosenFrom(
  eligible: readonly Option[],
  unordered: readonly Option[],
  policy: Policy,
  view: LearnerView,
  seed: string,
): Choice {
  const { option, probability, shortlist } = drawAmongBest(eligible, policy, seed);
  return {
    kind: 'chosen',
    activityId: option.activityId,
    probability,
    expectedSuccess: option.expectedSuccess,
    candidates: shortlist.map(([each, chance]) => scoredOf(each, chance, policy, view)),
    reason: reasonFor(option, policy, view, view.rules.decided(option, eligible, unordered)),
    seed,
    policy: { name: policy.name, version: policy.version },
  };
}

/** An eligible activity with its utility. */
interface Option {
  readonly activityId: string;
  readonly candidate: Candidate;
  readonly target: string;
  readonly learning: boolean;
  readonly expectedSuccess: number;
  readonly utility: number;
}

const partNames = ['fringe', 'success-band', 'introduction', 'progress', 'opens', 'review', 'variety'] as const;

function optionOf(candidate: Candidate, input: ChoiceInput, policy: Policy, view: LearnerView): Option {
  const { target, learning } = view.targetOf(candidate);
  const expectedSuccess = input.expectedSuccess(candidate);
  const option = { activityId: candidate.activityId, candidate, target, learning, expectedSuccess, utility: 0 };
  option.utility = fillParts(scratch, option, policy, view);
  for (const { value } of view.rules.terms(option)) option.utility += value;
  return option;
}

/** Most options are never named: their parts are added up here and forgotten. */
const scratch = new Float64Array(partNames.length);

/** Works out the parts of an option's utility, in the order of their names; gives their sum. */
function fillParts(
  parts: Float64Array,
  { candidate, target, learning, expectedSuccess }: Omit<Option, 'utility'>,
  policy: Policy,
  view: LearnerView,
): number {
  const { weights } = policy;
  const isExercise = candidate.kind === 'exercise';
  parts[0] = learning ? weights.fringe : 0;
  parts[1] = isExercise ? weights.successBand * bandFit(expectedSuccess, policy.successBand) : 0;
  parts[2] = isExercise ? 0 : weights.introduction;
  parts[3] = learning ? weights.progress * Math.min(1, view.mastery(target).probability / policy.masteryThreshold) : 0;
  parts[4] = learning ? weights.opens * view.opensShare(target) : 0;
  parts[5] = learning ? 0 : weights.review * view.reviewUrgency(target);
  parts[6] = (-weights.variety * candidate.timesSeen) / (1 + candidate.timesSeen);
  let utility = 0;
  for (const part of parts) utility += part;
  return utility;
}

/** 1 inside the band; outside exp(−½ (distance / .1)²). */
function bandFit(probability: number, [low, high]: readonly [number, number]): number {
  const distance = Math.max(0, low - probability, probability - high);
  return distance === 0 ? 1 : Math.exp(-0.5 * (distance / 0.1) ** 2);
}

function withoutRepeats(options: readonly Option[], input: ChoiceInput, policy: Policy): readonly Option[] {
  const ago = ({ lastSeenSequence }: Candidate): number =>
    lastSeenSequence === null ? Infinity : input.sequence - lastSeenSequence;
  const fresh = options.filter((option) => ago(option.candidate) >= policy.repeatAfter);
  if (fresh.some((option) => option.learning)) return fresh;
  const repeats = options.filter((option) => option.learning);
  if (repeats.length === 0) return fresh;
  const latest = Math.min(...repeats.map((option) => ago(option.candidate)));
  const others = repeats.filter((option) => ago(option.candidate) > latest);
  return fresh.concat(others.length > 0 ? others : repeats);
}

function scoredOf(option: Option, probability: number, policy: Policy, view: LearnerView): ScoredCandidate {
  const parts = new Float64Array(partNames.length);
  fillParts(parts, option, policy, view);
  const terms = [...partNames.map((name, index) => ({ name, value: parts[index]! })), ...view.rules.terms(option)];
  return { activityId: option.activityId, probability, utility: option.utility, terms };
}

/** Why an option was chosen; where rules decided, they say about which skill. */
function reasonFor(option: Option, policy: Policy, view: LearnerView, ruled: RuledReason | null): Reason {
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

/** What one choice needs to know of the skills, each looked up once. */
class LearnerView {
  readonly graph;
  private readonly estimates = new Map<string, MasteryEstimate>();
  private readonly open = new Map<string, boolean>();
  private readonly lastSeen = new Map<string, number>();
  private readonly introduced = new Set<string>();

  constructor(
    private readonly input: ChoiceInput,
    private readonly policy: Policy,
    readonly rules: ChoiceRules,
  ) {
    this.graph = graphOf(input.skills);
    for (const { skillIds, kind, lastSeenSequence } of input.candidates) {
      if (lastSeenSequence === null) continue;
      for (const skillId of skillIds) {
        this.lastSeen.set(skillId, Math.max(this.lastSeen.get(skillId) ?? -Infinity, lastSeenSequence));
        if (kind !== 'exercise') this.introduced.add(skillId);
      }
    }
  }

  mastery(skillId: string): MasteryEstimate {
    let estimate = this.estimates.get(skillId);
    if (estimate === undefined) {
      estimate = this.input.mastery(skillId);
      this.estimates.set(skillId, estimate);
    }
    return estimate;
  }

  /** Whether every prerequisite, near and far, is mastered. A skill that the graph does not have is closed. */
  isOpen(skillId: string): boolean {
    let open = this.open.get(skillId);
    if (open === undefined) {
      open =
        this.graph.find(skillId) !== null &&
        this.graph.prerequisitesOf(skillId).every((id) => isMastered(this.mastery(id), this.policy));
      this.open.set(skillId, open);
    }
    return open;
  }

  /** An explanation that comes before the first exercise: see {@link chooseNext}. */
  isIntroduction({ skillIds, timesSeen }: Candidate): boolean {
    if (timesSeen > 0) return false;
    return skillIds.some((skillId) => {
      const { responses, probability } = this.mastery(skillId);
      return responses === 0 && probability <= this.policy.successBand[1] && !this.introduced.has(skillId);
    });
  }

  /** The weakest skill that is not mastered; or, when all are, the one not seen for the longest time. */
  targetOf({ skillIds }: Candidate): { target: string; learning: boolean } {
    let target = skillIds[0]!;
    let learning = !isMastered(this.mastery(target), this.policy);
    for (let index = 1; index < skillIds.length; index++) {
      const skillId = skillIds[index]!;
      const needed = !isMastered(this.mastery(skillId), this.policy);
      const prior = needed
        ? this.mastery(skillId).probability - this.mastery(target).probability
        : (this.lastSeen.get(skillId) ?? -1) - (this.lastSeen.get(target) ?? -1);
      if (needed === learning ? prior < 0 || (prior === 0 && skillId < target) : needed) {
        target = skillId;
        learning = needed;
      }
    }
    return { target, learning };
  }

  responsesSinceSeen(skillId: string): number | null {
    const seen = this.lastSeen.get(skillId);
    return seen === undefined ? null : Math.max(0, this.input.sequence - seen);
  }

  reviewUrgency(skillId: string): number {
    const since = this.responsesSinceSeen(skillId) ?? this.input.sequence;
    return since === 0 ? 0 : since / (since + this.policy.reviewAfter);
  }

  opensShare(skillId: string): number {
    return this.graph.opens(skillId) / Math.max(1, this.graph.size - 1);
  }
}
