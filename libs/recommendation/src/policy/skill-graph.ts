import type { SkillNode } from '../model/choice.js';

/** A prerequisite graph, with what lies before and behind each skill. */
export interface SkillGraph {
  readonly size: number;
  /** Null for a skill that the graph does not have. */
  find(skillId: string): SkillNode | null;
  /** Everything that has to be mastered before a skill, near or far, without the skill itself. */
  prerequisitesOf(skillId: string): readonly string[];
  /** How many skills wait for a skill, near or far. */
  opens(skillId: string): number;
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
  const before = new Map(skills.map((skill) => [skill.id, reach(nodes, skill)]));
  const behind = new Map<string, number>();
  for (const prerequisites of before.values()) {
    for (const id of prerequisites) behind.set(id, (behind.get(id) ?? 0) + 1);
  }
  return {
    size: nodes.size,
    find: (skillId) => nodes.get(skillId) ?? null,
    prerequisitesOf: (skillId) => before.get(skillId) ?? [],
    opens: (skillId) => behind.get(skillId) ?? 0,
  };
}

/** A prerequisite that the list does not have is kept: it can be known to be mastered all the same. */
function reach(nodes: ReadonlyMap<string, SkillNode>, start: SkillNode): readonly string[] {
  const found = new Set<string>();
  const waiting = [...start.prerequisiteIds];
  while (waiting.length > 0) {
    const id = waiting.pop()!;
    if (id === start.id || found.has(id)) continue;
    found.add(id);
    waiting.push(...(nodes.get(id)?.prerequisiteIds ?? []));
  }
  return [...found];
}
