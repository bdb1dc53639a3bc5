import { findCycle } from '#libs/learning';
import type { SkillNode } from '../model/choice.js';

/** What is wrong with a prerequisite graph, or that nothing is. */
export type GraphCheck =
  | { readonly kind: 'sound' }
  /** Skills that stand before themselves: each waits for the next, and the first is named again at the end. */
  | { readonly kind: 'cyclic'; readonly cycle: readonly string[] }
  /** Prerequisites that are no skills of the course, sorted. */
  | { readonly kind: 'unknown-prerequisites'; readonly skillIds: readonly string[] }
  /** Skills that are listed more than once, sorted. */
  | { readonly kind: 'repeated'; readonly skillIds: readonly string[] };

/**
 * Checks a prerequisite graph before it is used: repeated skills first, then circles, then unknown prerequisites.
 * Choosing works on any graph all the same (see `SkillGraph.prerequisitesOf`), so a bad one stops no learner.
 */
export function validateGraph(skills: readonly SkillNode[]): GraphCheck {
  const known = new Set<string>();
  const repeated = new Set<string>();
  for (const { id } of skills) (known.has(id) ? repeated : known).add(id);
  if (repeated.size > 0) return { kind: 'repeated', skillIds: [...repeated].sort() };
  const cycle = findCycle(skills);
  if (cycle !== null) return { kind: 'cyclic', cycle };
  const unknown = new Set(skills.flatMap(({ prerequisiteIds }) => prerequisiteIds.filter((id) => !known.has(id))));
  if (unknown.size > 0) return { kind: 'unknown-prerequisites', skillIds: [...unknown].sort() };
  return { kind: 'sound' };
}
