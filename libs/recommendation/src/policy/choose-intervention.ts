import type { EngagementLabel } from '#libs/engagement';
import type { ActivityKind } from '#libs/learning';
import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate } from '../model/choice.js';
import type { Intervention, InterventionInput, InterventionTrigger } from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { fitsLearner } from './fits-learner.js';
import { isMastered } from './fringe-and-band.js';
import { graphOf } from './skill-graph.js';
import { drawAmongBest } from './softmax.js';

/** Responses to a skill after which, unmastered, a learner counts as wheel-spinning (J. Beck & Y. Gong, AIED 2013). */
const wheelSpinningAfter = 10;

/** The trigger that an engagement label stands for; null when it calls for no help: productive struggle is left alone. */
export function triggerOf(label: EngagementLabel): InterventionTrigger | null {
  return label === 'confused' || label === 'guessing' ? label : null;
}

/** Whether a skill has had its share of practice without coming to mastery: the trigger `struggling`. */
export function isWheelSpinning(
  estimate: MasteryEstimate,
  policy: Pick<Policy, 'masteryThreshold' | 'minimumResponses'>,
): boolean {
  return estimate.responses >= wheelSpinningAfter && !isMastered(estimate, policy);
}

/** Which kind helps best: worked examples where trying has not helped, explanations where something is not understood. */
const preferredKind: Readonly<Record<InterventionTrigger, ActivityKind>> = {
  confused: 'explanation',
  guessing: 'worked-example',
  struggling: 'worked-example',
  'asked-for-help': 'explanation',
};

/** Weights of the parts of an offer's utility. */
const weights = { otherModality: 1, kind: 0.5, seen: 0.5, focus: 0.3 } as const;

/**
 * Chooses help to offer, as a suggestion that the learner may leave.
 *
 * What it is about: an unmastered prerequisite, near or far, of the item's weakest skill, if it is weaker than that
 * skill itself, because that would explain the error; the weakest of them first; then the item's skills, weakest
 * first. The first of these for which there is help decides. Help is an explanation, worked example, film or
 * interactive piece that fits the learner, speaks of nothing beyond the item's skills and their prerequisites, and was
 * not offered within the last `interventions.repeatAfter` responses. At most `perWindow` offers are made in `window`
 * responses, unless the learner asked.
 *
 * Among several, the utility adds up `other-modality` (another one than what she last saw of that skill), `kind`
 * (worked examples after much practice or guessing, explanations otherwise), `seen` (− n / (1 + n)) and `focus`
 * (how much of it is about that skill); the same softmax as for the next activity draws one.
 */
export function chooseIntervention(input: InterventionInput, policy: Policy, seed: string): Intervention {
  const { window, perWindow, repeatAfter } = policy.interventions;
  const within = (responses: number) =>
    input.recentInterventions.filter((recent) => input.sequence - recent.sequence < responses);
  if (input.trigger !== 'asked-for-help' && within(window).length >= perWindow) return { kind: 'none', why: 'capped' };

  const graph = graphOf(input.skills);
  const related = new Set(input.skillIds.flatMap((skillId) => [skillId, ...graph.prerequisitesOf(skillId)]));
  const help = input.candidates.filter(
    (candidate) =>
      isHelp(candidate) &&
      fitsLearner(candidate, input.learner) &&
      candidate.skillIds.every((skillId) => related.has(skillId)),
  );
  const offered = new Set(within(repeatAfter).map(({ activityId }) => activityId));
  let offeredAll = false;
  for (const target of targetsOf(input, policy)) {
    const about = help.filter((candidate) => candidate.skillIds.includes(target.skillId));
    const fresh = about.filter((candidate) => !offered.has(candidate.activityId));
    if (fresh.length > 0) return offer(fresh, target, input, policy, seed);
    offeredAll ||= about.length > 0;
  }
  return { kind: 'none', why: offeredAll ? 'all-offered-recently' : 'nothing-fits' };
}

interface Target {
  readonly skillId: string;
  readonly forSkillId: string;
  readonly mastery: number;
}

function targetsOf(input: InterventionInput, policy: Policy): readonly Target[] {
  const graph = graphOf(input.skills);
  const weakestFirst = (skillIds: readonly string[]): MasteryEstimate[] =>
    skillIds
      .map((skillId) => input.mastery(skillId))
      .sort((a, b) => a.probability - b.probability || (a.skillId < b.skillId ? -1 : 1));
  const own = weakestFirst([...new Set(input.skillIds)]);
  const weakest = own[0];
  if (weakest === undefined) return [];
  const beneath = graph
    .prerequisitesOf(weakest.skillId)
    .filter((skillId) => !input.skillIds.includes(skillId))
    .filter((skillId) => {
      const estimate = input.mastery(skillId);
      return !isMastered(estimate, policy) && estimate.probability < weakest.probability;
    });
  return [
    ...weakestFirst(beneath).map((estimate) => targetOf(estimate, weakest.skillId)),
    ...own.map((estimate) => targetOf(estimate, estimate.skillId)),
  ];
}

function targetOf(estimate: MasteryEstimate, forSkillId: string): Target {
  return { skillId: estimate.skillId, forSkillId, mastery: estimate.probability };
}

function isHelp({ kind }: Candidate): boolean {
  return kind === 'explanation' || kind === 'worked-example' || kind === 'video' || kind === 'interactive';
}

function offer(
  candidates: readonly Candidate[],
  target: Target,
  input: InterventionInput,
  policy: Policy,
  seed: string,
): Intervention {
  const lastModality = lastSeenModality(input.candidates, target.skillId);
  const options = candidates.map((candidate) => {
    const otherModality = lastModality !== null && candidate.modality !== lastModality;
    const terms = [
      { name: 'other-modality', value: otherModality ? weights.otherModality : 0 },
      { name: 'kind', value: candidate.kind === preferredKind[input.trigger] ? weights.kind : 0 },
      { name: 'seen', value: (-weights.seen * candidate.timesSeen) / (1 + candidate.timesSeen) },
      { name: 'focus', value: weights.focus / candidate.skillIds.length },
    ];
    const utility = terms.reduce((sum, term) => sum + term.value, 0);
    return { activityId: candidate.activityId, utility, terms, otherModality };
  });
  const { option, probability, shortlist } = drawAmongBest(options, policy, seed);
  return {
    kind: 'offer',
    activityId: option.activityId,
    probability,
    candidates: shortlist.map(([{ activityId, utility, terms }, chance]) => ({
      activityId,
      probability: chance,
      utility,
      terms,
    })),
    reason: {
      code: target.skillId === target.forSkillId ? 'explain-skill' : 'explain-prerequisite',
      trigger: input.trigger,
      skillId: target.skillId,
      forSkillId: target.forSkillId,
      masteryBefore: target.mastery,
      otherModality: option.otherModality,
    },
    seed,
    policy: { name: policy.name, version: policy.version },
  };
}

/** The modality of what was last seen of a skill; null when nothing was. */
function lastSeenModality(candidates: readonly Candidate[], skillId: string): Candidate['modality'] | null {
  let last: Candidate | null = null;
  for (const candidate of candidates) {
    if (candidate.lastSeenSequence === null || !isHelp(candidate) || !candidate.skillIds.includes(skillId)) continue;
    if (last === null || candidate.lastSeenSequence > last.lastSeenSequence!) last = candidate;
  }
  return last?.modality ?? null;
}
