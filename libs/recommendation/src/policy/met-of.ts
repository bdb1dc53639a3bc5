import type { Candidate, Exposures } from '../model/choice.js';

/** What a learner has met of an activity. */
export type Met = Pick<Candidate, 'timesSeen' | 'lastSeenSequence'>;

const neverMet: Met = { timesSeen: 0, lastSeenSequence: null };

/** What a learner has met of a candidate: as her exposures have it or, where there are none, as the candidate says itself. */
export function metOf(candidate: Candidate, exposures: Exposures | undefined): Met {
  return exposures === undefined ? candidate : (exposures.get(candidate.number ?? NaN) ?? neverMet);
}
