import type { EngagementLabel } from '#libs/engagement';
import type { ActivityKind } from '#libs/learning';
import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate } from '../model/choice.js';
import type { Intervention, InterventionInput, InterventionTrigger, Suspect } from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { offerChange, offerPause } from './choose-variation.js';
import { isMastered } from './fringe-and-band.js';
import { interventionNumbers } from './intervention-numbers.js';
import { isHelp, lastSeenModality, makeOffer, offeredWithin, withinReach, type Piece } from './make-offer.js';
import { isCapped } from './offer-cap.js';
import { suspectsOf } from './suspects.js';
import { underControls } from './teacher-controls.js';

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
const preferredKind: Readonly<Record<HelpTrigger, ActivityKind>> = {
  confused: 'explanation',
  guessing: 'worked-example',
  struggling: 'worked-example',
  'asked-for-help': 'explanation',
};

/** The triggers that call for help; the others call for a change. */
type HelpTrigger = Exclude<InterventionTrigger, 'bored' | 'distracted'>;

/** Weights of the parts of an offer's utility. */
const weights = { otherModality: 1, kind: 0.5, seen: 0.5, focus: 0.3 } as const;

/**
 * Chooses something to offer, as a suggestion that the learner may leave. At most `perWindow` offers are made in `window`
 * responses, fewer after she dismissed some (`isCapped`), unless she asked. Nothing is offered again within
 * `interventions.repeatAfter` responses. Everything offered fits the learner, is not banned, and speaks of nothing beyond the item's
 * skills and their prerequisites. For unknown skills, or without any, there is nothing.
 *
 * Confusion, guessing, struggle and a call for help: help, which is an explanation, worked example, film or interactive
 * piece. It is about the skill that most probably caused the error and has help (`suspectsOf`). Among several pieces the
 * utility adds up `other-modality` (another one than what she last saw of that skill), `kind` (worked examples after much
 * practice or guessing, explanations otherwise), `seen` (− n / (1 + n)) and `focus` (how much of it is about that skill).
 *
 * Boredom: a harder exercise, or another modality (`offerChange`). Distraction: a shorter activity, or a break
 * (`offerPause`).
 *
 * One is drawn by the softmax of the next activity or, where the input has a bandit, the kind of help by Thompson sampling
 * (`drawOffer`). Same input and seed, same offer, in whatever order the candidates come.
 */
export function chooseIntervention(input: InterventionInput, given: Policy, seed: string): Intervention {
  const policy = underControls(given, input.controls);
  if (isCapped(input, interventionNumbers(policy))) return { kind: 'none', why: 'capped' };
  const { trigger } = input;
  const suspects = suspectsOf(input, policy);
  if (trigger === 'bored') return offerChange(input, suspects, policy, seed);
  if (trigger === 'distracted') return offerPause(input, suspects, policy, seed);

  const help = withinReach(input).filter(isHelp);
  const offered = offeredWithin(input, policy.interventions.repeatAfter);
  let offeredAll = false;
  for (const suspect of suspects) {
    const about = help.filter((candidate) => candidate.skillIds.includes(suspect.skillId));
    const fresh = about.filter((candidate) => !offered.has(candidate.activityId));
    if (fresh.length > 0) {
      return makeOffer(piecesFor(fresh, trigger, suspect, input), suspects, input, policy, seed);
    }
    offeredAll ||= about.length > 0;
  }
  return { kind: 'none', why: offeredAll ? 'all-offered-recently' : 'nothing-fits' };
}

function piecesFor(
  candidates: readonly Candidate[],
  trigger: HelpTrigger,
  { skillId, forSkillId, mastery }: Suspect,
  input: InterventionInput,
): readonly Piece[] {
  const lastModality = lastSeenModality(input, skillId);
  return candidates.map((candidate) => {
    const otherModality = lastModality !== null && candidate.modality !== lastModality;
    return {
      candidate,
      terms: [
        { name: 'other-modality', value: otherModality ? weights.otherModality : 0 },
        { name: 'kind', value: candidate.kind === preferredKind[trigger] ? weights.kind : 0 },
        { name: 'seen', value: (-weights.seen * candidate.timesSeen) / (1 + candidate.timesSeen) },
        { name: 'focus', value: weights.focus / candidate.skillIds.length },
      ],
      reason: {
        code: skillId === forSkillId ? 'explain-skill' : 'explain-prerequisite',
        trigger,
        skillId,
        forSkillId,
        masteryBefore: mastery,
        otherModality,
      },
    };
  });
}
