import { dayIn } from '#libs/kernel';
import {
  emptyMastery,
  emptyMemory,
  modelOf,
  remember,
  type MasteryState,
  type MemoryState,
  type RecalledAnswer,
  type StudentModel,
} from '#libs/mastery';
import type { LearnerState } from '../model/learner-state.js';
import { occurredAt } from './occurred-at.js';
import { recalledAs } from './respond.js';

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
  responses: readonly ReplayedResponse[],
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
  for (const { correct, hintsUsed: _, modelSnapshot, deviceAt, receivedAt, ...item } of responses) {
    if (correct === null) continue;
    const at = occurredAt(deviceAt.getTime(), receivedAt);
    mastery = modelOf(mastery, modelAt(modelSnapshot)).update(mastery, { item, correct, at }).state;
  }
  return { mastery, memory: replayMemory(recalledAnswers(responses, timeZone), weights) };
}

/** Responses as far as they say how well skills are remembered, in their order. */
export function recalledAnswers(responses: readonly ReplayedResponse[], timeZone: string): RecalledAnswer[] {
  return responses.flatMap(({ skillIds, correct, hintsUsed, deviceAt, receivedAt }) => {
    const day = dayIn(timeZone, occurredAt(deviceAt.getTime(), receivedAt));
    return recalledAs({ skillIds }, correct, hintsUsed, day) ?? [];
  });
}

/** Memory after answers, by weights of the learner's own or, for null, those of the population. */
export function replayMemory(answers: readonly RecalledAnswer[], weights: MemoryState['weights']): MemoryState {
  return answers.reduce(remember, { ...emptyMemory(), weights });
}
