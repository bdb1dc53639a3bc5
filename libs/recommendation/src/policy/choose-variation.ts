import type { Candidate } from '../model/choice.js';
import { breakOption, type Intervention, type InterventionInput, type Suspect } from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { interventionNumbers } from './intervention-numbers.js';
import { isHelp, lastSeenModality, makeOffer, offeredWithin, withinReach, type Piece } from './make-offer.js';

/** Weights of the parts of an offer's utility. */
const weights = { harder: 1, otherModality: 0.7, seen: 0.5, rest: 1, short: 0.5 } as const;

/**
 * Offers a change to a bored learner, on the skills that she is practising: an exercise that is harder than the item she
 * is on, or an activity through another modality. Harder: by its difficulty and, where success can be expected, by that,
 * as long as it is not below `interventions.challengeBand`; an exercise above the band is no challenge. The utility adds up
 * `harder`, `other-modality` and `seen` (− n / (1 + n)).
 */
export function offerChange(
  input: InterventionInput,
  suspects: readonly Suspect[],
  policy: Policy,
  seed: string,
): Intervention {
  const own = practisedSkill(suspects);
  if (own === undefined) return { kind: 'none', why: 'nothing-fits' };
  const before = input.item?.modality ?? lastSeenModality(input, own.skillId);
  const pieces = practised(input, policy).flatMap((candidate): Piece[] => {
    const harder = isHarder(candidate, input, policy);
    const otherModality = before !== null && candidate.modality !== before;
    if (!harder && !(otherModality && isWorthwhile(candidate, input, policy))) return [];
    const terms = [
      { name: 'harder', value: harder ? weights.harder : 0 },
      { name: 'other-modality', value: otherModality ? weights.otherModality : 0 },
      { name: 'seen', value: (-weights.seen * candidate.timesSeen) / (1 + candidate.timesSeen) },
    ];
    const code = harder ? 'harder-exercise' : 'other-modality';
    return [{ candidate, terms, reason: { code, ...about(candidate, own, input), otherModality } }];
  });
  return fresh(pieces, input, policy, seed);
}

/**
 * Offers a distracted learner a shorter activity on the skills that she is practising, or a break. Short: at most
 * `interventions.shortMinutes` and shorter than the item she is on. A break is better where distraction is at least as
 * probable as `breakFrom`, or where nothing is short; it is not offered again within `breakEvery` responses. The utility
 * adds up `rest` (a break is better), `short` (an activity is) and `seen`; with a bandit the two compete.
 */
export function offerPause(
  input: InterventionInput,
  suspects: readonly Suspect[],
  policy: Policy,
  seed: string,
): Intervention {
  const own = practisedSkill(suspects);
  if (own === undefined) return { kind: 'none', why: 'nothing-fits' };
  const { shortMinutes, breakFrom, breakEvery } = interventionNumbers(policy);
  const tired = (input.engagement?.distraction?.probability ?? 0) >= breakFrom;
  const limit = Math.min(shortMinutes, input.item?.minutes ?? Infinity);
  const isShort = ({ minutes }: Candidate): boolean =>
    minutes !== undefined && minutes <= limit && minutes < (input.item?.minutes ?? Infinity);
  const pieces = practised(input, policy)
    .filter(isShort)
    .map((candidate): Piece => {
      const terms = [
        { name: 'short', value: tired ? 0 : weights.short },
        { name: 'seen', value: (-weights.seen * candidate.timesSeen) / (1 + candidate.timesSeen) },
      ];
      const otherModality = input.item !== undefined && candidate.modality !== input.item.modality;
      return { candidate, terms, reason: { code: 'shorter-activity', ...about(candidate, own, input), otherModality } };
    });
  const rest: Piece = {
    candidate: null,
    terms: [{ name: 'rest', value: tired ? weights.rest : 0 }],
    reason: { code: 'break', ...about(null, own, input), otherModality: false },
  };
  const mayRest = !offeredWithin(input, breakEvery).has(breakOption);
  const short = withoutOffered(pieces, input, policy);
  if (mayRest && (input.helpBandit !== undefined || tired || short.length === 0)) {
    const both = input.helpBandit === undefined ? [rest] : [...short, rest];
    return makeOffer(both, [], input, policy, seed);
  }
  if (short.length > 0) return makeOffer(short, [], input, policy, seed);
  return { kind: 'none', why: 'all-offered-recently' };
}

/** Of the skills that are practised, the first. */
function practisedSkill(suspects: readonly Suspect[]): Suspect | undefined {
  return suspects.find(({ skillId, forSkillId }) => skillId === forSkillId);
}

function fresh(pieces: readonly Piece[], input: InterventionInput, policy: Policy, seed: string): Intervention {
  const left = withoutOffered(pieces, input, policy);
  if (left.length > 0) return makeOffer(left, [], input, policy, seed);
  return { kind: 'none', why: pieces.length > 0 ? 'all-offered-recently' : 'nothing-fits' };
}

function withoutOffered(pieces: readonly Piece[], input: InterventionInput, policy: Policy): readonly Piece[] {
  const offered = offeredWithin(input, policy.interventions.repeatAfter);
  return pieces.filter(({ candidate }) => candidate === null || !offered.has(candidate.activityId));
}

/** What could stand in for the item: on a skill of it, not the item itself, not seen a moment ago, help only once. */
function practised(input: InterventionInput, policy: Policy): readonly Candidate[] {
  return withinReach(input).filter(
    ({ activityId, kind, skillIds, timesSeen, lastSeenSequence }) =>
      activityId !== input.item?.activityId &&
      (kind === 'exercise' || (isHelp({ kind }) && timesSeen === 0)) &&
      skillIds.some((skillId) => input.skillIds.includes(skillId)) &&
      (lastSeenSequence === null || input.sequence - lastSeenSequence >= policy.repeatAfter),
  );
}

function isHarder(candidate: Candidate, input: InterventionInput, policy: Policy): boolean {
  const { item, expectedSuccess } = input;
  if (candidate.kind !== 'exercise' || (item === undefined && expectedSuccess === undefined)) return false;
  if (item !== undefined && candidate.difficulty <= item.difficulty) return false;
  const [low, high] = interventionNumbers(policy).challengeBand;
  const success = expectedSuccess?.(candidate) ?? low;
  return success >= low && success <= high;
}

/** Another modality alone is no help against boredom if the exercise is easier, nor if it is out of reach. */
function isWorthwhile(candidate: Candidate, { item, expectedSuccess }: InterventionInput, policy: Policy): boolean {
  if (candidate.kind !== 'exercise') return true;
  if (item !== undefined && candidate.difficulty < item.difficulty) return false;
  return expectedSuccess === undefined || expectedSuccess(candidate) >= interventionNumbers(policy).challengeBand[0];
}

function about(candidate: Candidate | null, own: Suspect, { trigger, skillIds, mastery }: InterventionInput) {
  const skillId =
    candidate === null || candidate.skillIds.includes(own.skillId)
      ? own.skillId
      : candidate.skillIds.find((id) => skillIds.includes(id))!;
  return { trigger, skillId, forSkillId: own.skillId, masteryBefore: mastery(skillId).probability };
}
