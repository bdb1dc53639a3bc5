import type { SkillNode } from '../model/choice.js';
import { graphOf } from './skill-graph.js';

/** A graph as it is walked from its beginnings: whoever is open was reached through what is mastered. */
interface Walk {
  readonly roots: readonly string[];
  readonly successors: ReadonlyMap<string, readonly string[]>;
  /** Skills that a walk may miss, because a prerequisite of theirs lies in a circle or outside the list. */
  readonly apart: readonly string[];
}

const walks = new WeakMap<readonly SkillNode[], Walk>();

/**
 * Calls `visit` with every skill whose prerequisites, near and far, are all mastered. Takes time in proportion to the
 * skills that are open and those just behind them, not to the graph.
 */
export function forEachOpenSkill(
  skills: readonly SkillNode[],
  isMastered: (skillId: string) => boolean,
  visit: (skillId: string) => void,
): void {
  const graph = graphOf(skills);
  const walk = walkOf(skills);
  const isOpen = (skillId: string): boolean => graph.prerequisitesOf(skillId).every(isMastered);
  for (const skillId of walk.apart) if (isOpen(skillId)) visit(skillId);
  const waiting = [...walk.roots];
  const met = new Set<string>();
  while (waiting.length > 0) {
    const skillId = waiting.pop()!;
    visit(skillId);
    const successors = walk.successors.get(skillId);
    if (successors === undefined || !isMastered(skillId)) continue;
    for (const next of successors) {
      if (met.has(next) || !isOpen(next)) continue;
      met.add(next);
      waiting.push(next);
    }
  }
}

function walkOf(skills: readonly SkillNode[]): Walk {
  let walk = walks.get(skills);
  if (walk === undefined) {
    walk = buildWalk(skills);
    walks.set(skills, walk);
  }
  return walk;
}

function buildWalk(skills: readonly SkillNode[]): Walk {
  const graph = graphOf(skills);
  // What a skill names but need not wait for lies on a circle with it.
  const isOdd = (id: string): boolean =>
    graph.find(id)!.prerequisiteIds.some((before) => before !== id && !graph.prerequisitesOf(id).includes(before));
  const odd = new Set(skills.filter(({ id }) => isOdd(id)).map(({ id }) => id));
  const isApart = (id: string): boolean =>
    odd.has(id) || graph.prerequisitesOf(id).some((before) => odd.has(before) || graph.find(before) === null);
  const ids = [...new Set(skills.map(({ id }) => id))];
  const apart = ids.filter(isApart);
  const regular = ids.filter((id) => !isApart(id));
  const successors = new Map<string, string[]>();
  for (const id of regular) {
    for (const before of graph.find(id)!.prerequisiteIds) {
      if (before !== id) successors.set(before, [...(successors.get(before) ?? []), id]);
    }
  }
  return { roots: regular.filter((id) => graph.prerequisitesOf(id).length === 0), successors, apart };
}
