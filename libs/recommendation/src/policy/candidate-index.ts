import type { Candidate, SkillNode } from '../model/choice.js';
import { graphOf } from './skill-graph.js';

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
      if (kind !== 'exercise' && explained.get(skillId) !== 'with-others')
        explained.set(skillId, skillIds.length === 1 ? 'alone' : 'with-others');
    }
  }
  return {
    ofSkill: (skillId) => bySkill.get(skillId) ?? none,
    explains: (skillId) => explained.get(skillId) ?? null,
    beside: (skillId) => new Set([skillId, ...(bySkill.get(skillId) ?? none).flatMap(({ skillIds }) => skillIds)]),
    find: (activityId) => byId.get(activityId),
    numbered: (number) => byNumber.get(number),
    exercises,
    seen,
  };
}

/** The candidates that are about some of these skills or what they stand on, each once. */
export function candidatesAbout(
  candidates: readonly Candidate[],
  skillIds: readonly string[],
  skills: readonly SkillNode[],
): readonly Candidate[] {
  const [index, graph] = [indexOf(candidates), graphOf(skills)];
  const related = new Set(skillIds.flatMap((skillId) => [skillId, ...graph.prerequisitesOf(skillId)]));
  return [...new Set([...related].flatMap((skillId) => index.ofSkill(skillId)))];
}
