import type { Candidate, ScoredCandidate } from '../model/choice.js';
import {
  breakOption,
  type Intervention,
  type InterventionInput,
  type InterventionReason,
  type Suspect,
} from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { drawOffer, type OfferOption } from './draw-offer.js';
import { fitsLearner } from './fits-learner.js';
import { indexOf } from './candidate-index.js';
import { interventionNumbers } from './intervention-numbers.js';
import { metOf } from './met-of.js';
import { graphOf } from './skill-graph.js';

/** Something that could be offered, and why. */
export interface Piece {
  /** Null for a break. */
  readonly candidate: Candidate | null;
  readonly terms: ScoredCandidate['terms'];
  readonly reason: InterventionReason;
}

/** Offers one of several pieces for the same skill. */
export function makeOffer(
  pieces: readonly Piece[],
  suspects: readonly Suspect[],
  input: InterventionInput,
  policy: Policy,
  seed: string,
): Intervention {
  const options = pieces.map(({ candidate, terms, reason }): OfferOption & Pick<Piece, 'reason'> => ({
    activityId: candidate?.activityId ?? breakOption,
    help:
      candidate === null ? { kind: 'break', modality: 'none' } : { kind: candidate.kind, modality: candidate.modality },
    utility: terms.reduce((sum, term) => sum + term.value, 0),
    terms,
    reason,
  }));
  const itemId = input.item?.activityId;
  const skillId = options[0]!.reason.forSkillId;
  const place = itemId === undefined ? { skillId } : { skillId, itemId };
  const { option, ...drawn } = drawOffer(options, place, input, policy, seed);
  const { reason, help } = option;
  const offered = {
    ...drawn,
    reason,
    help,
    place,
    suspects,
    seed,
    policy: { name: policy.name, version: policy.version },
  };
  return option.activityId === breakOption
    ? { kind: 'break', minutes: interventionNumbers(policy).breakMinutes, ...offered }
    : { kind: 'offer', activityId: option.activityId, ...offered };
}

/** The activities that fit the learner, are not banned, and speak of nothing beyond the item's skills and what they stand on. */
export function withinReach(input: InterventionInput): readonly Candidate[] {
  const { learner, skillIds, skills, controls } = input;
  const banned = new Set(controls?.banned);
  const graph = graphOf(skills);
  const related = new Set(skillIds.flatMap((skillId) => [skillId, ...graph.prerequisitesOf(skillId)]));
  return activitiesAbout(related, input).filter(
    (candidate) =>
      !banned.has(candidate.activityId) &&
      fitsLearner(candidate, learner) &&
      candidate.skillIds.every((skillId) => related.has(skillId)),
  );
}

/** The activities about any of some skills, each once, as the learner has met them. */
function activitiesAbout(
  skillIds: Iterable<string>,
  { candidates, exposures }: InterventionInput,
): readonly Candidate[] {
  const index = indexOf(candidates);
  const found = new Set(Array.from(skillIds, (skillId) => index.ofSkill(skillId)).flat());
  return Array.from(found, (candidate) => ({ ...candidate, ...metOf(candidate, exposures) }));
}

/** What was offered within so many responses: activities, and `breakOption` for a break. */
export function offeredWithin(
  { recentInterventions, sequence }: InterventionInput,
  responses: number,
): ReadonlySet<string> {
  const recent = recentInterventions.filter((each) => sequence - each.sequence < responses);
  return new Set(recent.map(({ activityId }) => activityId ?? breakOption));
}

/** Whether an activity explains rather than asks. */
export function isHelp({ kind }: Pick<Candidate, 'kind'>): boolean {
  return kind === 'explanation' || kind === 'worked-example' || kind === 'video' || kind === 'interactive';
}

/** The modality of what was last seen of a skill as help; null when nothing was. */
export function lastSeenModality(input: InterventionInput, skillId: string): Candidate['modality'] | null {
  let last: Candidate | null = null;
  for (const candidate of activitiesAbout([skillId], input)) {
    if (candidate.lastSeenSequence === null || !isHelp(candidate)) continue;
    if (last === null || candidate.lastSeenSequence > last.lastSeenSequence!) last = candidate;
  }
  return last?.modality ?? null;
}
