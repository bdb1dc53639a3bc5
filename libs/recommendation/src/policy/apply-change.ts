import type { MasteryEstimate } from '#libs/mastery';
import type { ChoiceInput } from '../model/choice.js';
import type { Change } from '../model/explanation.js';
import { indexOf } from './candidate-index.js';
import { metOf } from './met-of.js';

/** What can be otherwise in the input of a choice or of an offer. */
export type ChangeableInput = Pick<ChoiceInput, 'mastery' | 'candidates' | 'sequence' | 'skills'> &
  Partial<Pick<ChoiceInput, 'expectedSuccess' | 'controls' | 'dueReviews' | 'exposures'>>;

/** A change that an input can take; a term is not of the input. */
export type InputChange = Exclude<Change, { readonly kind: 'term' }>;

/** Responses since an activity was seen that is supposed to have been seen before: it is no repeat. */
const longAgo = 1_000;

/** The same input with one thing otherwise. */
export function applyChange<Input extends ChangeableInput>(input: Input, change: InputChange): Input {
  switch (change.kind) {
    case 'without-control':
      return withoutControl(input, change.control);
    case 'mastery':
      return withMastery(input, change.skillId, change.to);
    case 'times-seen':
      return withTimesSeen(input, change.activityId, change.to);
    case 'retrievability':
      return {
        ...input,
        dueReviews: input.dueReviews?.map((each) =>
          each.skillId === change.skillId ? { ...each, retrievability: change.to } : each,
        ),
      };
  }
}

function withoutControl<Input extends ChangeableInput>(
  input: Input,
  control: Extract<Change, { kind: 'without-control' }>['control'],
): Input {
  if (input.controls === undefined) return input;
  const field = ({ pin: 'pinned', order: 'order', 'due-date': 'due', ban: 'banned' } as const)[control];
  return { ...input, controls: { ...input.controls, [field]: [] } };
}

/**
 * Another mastery of one skill. The expected success of an item moves with it as in the Elo model of `libs/mastery`, where
 * an item's logit is the mean over its skills: by the change of the skill's logit over the number of the item's skills.
 */
function withMastery<Input extends ChangeableInput>(input: Input, skillId: string, to: number): Input {
  const from = input.mastery(skillId).probability;
  const shift = logit(to) - logit(from);
  const { expectedSuccess } = input;
  return {
    ...input,
    mastery: (id: string): MasteryEstimate => {
      const estimate = input.mastery(id);
      return id === skillId ? { ...estimate, probability: to } : estimate;
    },
    ...(expectedSuccess && {
      expectedSuccess: (item: Parameters<typeof expectedSuccess>[0]): number => {
        const success = expectedSuccess(item);
        if (!item.skillIds.includes(skillId)) return success;
        return 1 / (1 + Math.exp(-logit(success) - shift / item.skillIds.length));
      },
    }),
  };
}

function logit(probability: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return Math.log(inside / (1 - inside));
}

function withTimesSeen<Input extends ChangeableInput>(input: Input, activityId: string, times: number): Input {
  const { candidates, exposures, sequence } = input;
  const candidate = indexOf(candidates).find(activityId);
  if (candidate === undefined) return input;
  const last = times === 0 ? null : (metOf(candidate, exposures).lastSeenSequence ?? sequence - longAgo);
  if (exposures === undefined) {
    const changed = { ...candidate, timesSeen: times, lastSeenSequence: last };
    return { ...input, candidates: candidates.map((each) => (each === candidate ? changed : each)) };
  }
  const changed = new Map(exposures);
  if (last === null) changed.delete(candidate.number!);
  else changed.set(candidate.number!, { timesSeen: times, lastSeenSequence: last });
  return { ...input, exposures: changed };
}
