import { dayIn } from '#libs/kernel';
import {
  emptyMastery,
  emptyMemory,
  modelOf,
  type MasteryState,
  type MemoryState,
  type StudentModel,
} from '#libs/mastery';
import type { LearnerState } from '../model/learner-state.js';
import { occurredAt } from './occurred-at.js';
import { memoryAfter } from './respond.js';

/** A response as far as it says what somebody knows. */
export interface ReplayedResponse {
  readonly sequence: number;
  /** Of the activity within its course. */
  readonly number: number;
  readonly skillIds: readonly string[];
  readonly difficulty: number;
  readonly correct: boolean | null;
  readonly hintsUsed: number;
  /** Number of the population weights that it was followed by. */
  readonly modelSnapshot: number;
  readonly deviceAt: Date;
  readonly receivedAt: Date;
}

/** What responses tell of a learner: the part of her state that can be rebuilt. */
export type Known = Pick<LearnerState, 'mastery' | 'memory'>;

/**
 * What is known of a learner after her responses, in their order, each by the weights that it cites: the same as was
 * streamed while she gave them, bit for bit, as long as skills, versions and the time zone are those of then.
 * @param from the mastery of a learner of whom nothing is known, by the model that shall follow her
 */
export function replay(
  responses: Iterable<ReplayedResponse>,
  {
    from = emptyMastery(),
    weights = null,
    timeZone,
    modelAt,
  }: {
    readonly from?: MasteryState;
    /** The learner's own weights of memory. */
    readonly weights?: MemoryState['weights'];
    readonly timeZone: string;
    readonly modelAt: (snapshot: number) => StudentModel;
  },
): Known {
  let mastery = from;
  let memory: MemoryState = { ...emptyMemory(), weights };
  for (const { correct, hintsUsed, modelSnapshot, deviceAt, receivedAt, ...item } of responses) {
    if (correct === null) continue;
    const at = occurredAt(deviceAt.getTime(), receivedAt);
    mastery = modelOf(mastery, modelAt(modelSnapshot)).update(mastery, { item, correct, at }).state;
    memory = memoryAfter(memory, item, correct, hintsUsed, dayIn(timeZone, at));
  }
  return { mastery, memory };
}
