import type { SkillNode } from '../model/choice.js';

/** A prerequisite graph, with what lies before and behind each skill. */
export interface SkillGraph {
  readonly size: number;
  /** Null for a skill that the graph does not have. */
  find(skillId: string): SkillNode | null;
  /**
   * Everything that has to be mastered before a skill, near or far, without the skill itself. Skills on a circle would
   * wait for one another for ever: none of them stands before another, though all of them stand where the circle does.
   */
  prerequisitesOf(skillId: string): readonly string[];
  /** Links from a skill down to what stands before it, at the least; null where there are none, 0 for itself. */
  distanceTo(skillId: string, prerequisiteId: string): number | null;
  /** Where a skill stands in the list, from 0; behind all for one that the graph does not have. */
  placeOf(skillId: string): number;
  /** How many skills wait for a skill, near or far. */
  opens(skillId: string): number;
  /** The same skills, those first that most others wait for, near or far; then as they stand in the list. */
  byReach(skillIds: readonly string[]): readonly string[];
}

const graphs = new WeakMap<readonly SkillNode[], SkillGraph>();

/** The graph of a list of skills. The same list is looked through once only, so keep it between choices. */
export function graphOf(skills: readonly SkillNode[]): SkillGraph {
  let graph = graphs.get(skills);
  if (graph === undefined) {
    graph = buildGraph(skills);
    graphs.set(skills, graph);
  }
  return graph;
}

function buildGraph(skills: readonly SkillNode[]): SkillGraph {
  const nodes = new Map(skills.map((skill) => [skill.id, skill]));
  const reached = new Map(skills.map((skill) => [skill.id, reach(nodes, skill)]));
  const before = new Map(Array.from(reached, ([id, found]) => [id, withoutCircle(id, found, reached)]));
  const behind = new Map<string, number>();
  for (const prerequisites of before.values()) {
    for (const id of prerequisites.keys()) behind.set(id, (behind.get(id) ?? 0) + 1);
  }
  const opens = (skillId: string): number => behind.get(skillId) ?? 0;
  const ranked = [...nodes.keys()].sort((one, other) => opens(other) - opens(one));
  const ranks = new Map(ranked.map((id, rank) => [id, rank]));
  const lists = new Map(Array.from(before, ([id, found]) => [id, [...found.keys()]]));
  const places = new Map([...nodes.keys()].map((id, place) => [id, place]));
  return {
    size: nodes.size,
    placeOf: (skillId) => places.get(skillId) ?? nodes.size,
    find: (skillId) => nodes.get(skillId) ?? null,
    prerequisitesOf: (skillId) => lists.get(skillId) ?? [],
    distanceTo: (skillId, prerequisiteId) =>
      skillId === prerequisiteId ? 0 : (before.get(skillId)?.get(prerequisiteId) ?? null),
    opens,
    byReach: (skillIds) => {
      const sorted = Uint32Array.from(skillIds, (skillId) => ranks.get(skillId)!).sort();
      return Array.from(sorted, (rank) => ranked[rank]!);
    },
  };
}

/**
 * What lies before a skill, with the number of links to it: breadth first, each skill once, so that a circle ends.
 * A prerequisite that the list does not have is kept: it can be known to be mastered all the same.
 */
function reach(nodes: ReadonlyMap<string, SkillNode>, start: SkillNode): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let level: readonly string[] = start.prerequisiteIds;
  for (let distance = 1; level.length > 0; distance++) {
    const next: string[] = [];
    for (const id of level) {
      if (id === start.id || found.has(id)) continue;
      found.set(id, distance);
      next.push(...(nodes.get(id)?.prerequisiteIds ?? []));
    }
    level = next;
  }
  return found;
}

function withoutCircle(
  skillId: string,
  found: ReadonlyMap<string, number>,
  reached: ReadonlyMap<string, ReadonlyMap<string, number>>,
): ReadonlyMap<string, number> {
  const kept = new Map<string, number>();
  for (const [id, distance] of found) if (reached.get(id)?.has(skillId) !== true) kept.set(id, distance);
  return kept;
}
