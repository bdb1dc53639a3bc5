import type { Candidate } from '../model/choice.js';

/** The candidates that can be chosen, by skill. */
export interface CandidateIndex {
  /** Those that ask for a skill, alone or among others. */
  ofSkill(skillId: string): readonly Candidate[];
  /** Whether some of them are no exercises: of this skill alone, or of others as well. */
  explains(skillId: string): 'alone' | 'with-others' | null;
  /** The skills that some candidate asks for together with this one, and itself. */
  beside(skillId: string): Iterable<string>;
  find(activityId: string): Candidate | undefined;
  numbered(number: number): Candidate | undefined;
  readonly exercises: readonly Candidate[];
  /** Those that say of themselves that they were seen. */
  readonly seen: readonly Candidate[];
}

const indexes = new WeakMap<readonly Candidate[], CandidateIndex>();
const none: readonly Candidate[] = [];

/** The index of a list of candidates. The same list is looked through once only, so it must not change. */
export function indexOf(candidates: readonly Candidate[]): CandidateIndex {
  let index = indexes.get(candidates);
  if (index === undefined) {
    index = buildIndex(candidates);
    indexes.set(candidates, index);
  }
  return index;
}

/** Visual assignments are set by teachers, and what has no skill cannot be placed in the graph: neither is chosen. */
function buildIndex(candidates: readonly Candidate[]): CandidateIndex {
  const bySkill = new Map<string, Candidate[]>();
  const explained = new Map<string, 'alone' | 'with-others'>();
  const besides = new Map<string, Set<string>>();
  const byId = new Map<string, Candidate>();
  const byNumber = new Map<number, Candidate>();
  const exercises: Candidate[] = [];
  const seen: Candidate[] = [];
  for (const candidate of candidates) {
    const { activityId, number, kind, skillIds, lastSeenSequence } = candidate;
    byId.set(activityId, candidate);
    if (number !== undefined) byNumber.set(number, candidate);
    if (lastSeenSequence !== null) seen.push(candidate);
    if (kind === 'visual-assignment' || skillIds.length === 0) continue;
    if (kind === 'exercise') exercises.push(candidate);
    for (const skillId of skillIds.length === 1 ? skillIds : new Set(skillIds)) {
      const list = bySkill.get(skillId);
      if (list === undefined) bySkill.set(skillId, [candidate]);
      else list.push(candidate);
      const beside = besides.get(skillId) ?? new Set([skillId]);
      if (skillIds.length > 1) for (const other of skillIds) beside.add(other);
      besides.set(skillId, beside);
      if (kind !== 'exercise' && explained.get(skillId) !== 'with-others')
        explained.set(skillId, skillIds.length === 1 ? 'alone' : 'with-others');
    }
  }
  return {
    ofSkill: (skillId) => bySkill.get(skillId) ?? none,
    explains: (skillId) => explained.get(skillId) ?? null,
    beside: (skillId) => besides.get(skillId) ?? [skillId],
    find: (activityId) => byId.get(activityId),
    numbered: (number) => byNumber.get(number),
    exercises,
    seen,
  };
}
