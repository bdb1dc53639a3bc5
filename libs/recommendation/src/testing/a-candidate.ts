import type { Candidate } from '../model/choice.js';

/** A candidate for tests: an exercise in English that was never seen, of difficulty 0. */
export function aCandidate(activityId: string, skillIds: readonly string[], more: Partial<Candidate> = {}): Candidate {
  return {
    activityId,
    kind: 'exercise',
    modality: 'text',
    language: 'en',
    skillIds,
    difficulty: 0,
    timesSeen: 0,
    lastSeenSequence: null,
    ...more,
  };
}
