import type { SkillNode } from '../model/choice.js';

/** Whether a prerequisite graph can be taught at all; if not, skills that wait for one another in a circle. */
export type Acyclicity = { readonly kind: 'ok' } | { readonly kind: 'cycle'; readonly skillIds: string[] };

/**
 * Looks for a circle of prerequisites, depth first without recursion, in time proportional to skills and edges.
 * `skillIds` starts anywhere on the circle and follows prerequisites; prerequisites outside `skills` are ignored.
 */
export function assertAcyclic(skills: readonly SkillNode[]): Acyclicity {
  const nodes = new Map(skills.map((skill) => [skill.id, skill]));
  const done = new Set<string>();
  for (const start of nodes.values()) {
    if (done.has(start.id)) continue;
    const path = [{ node: start, next: 0 }];
    const onPath = new Set([start.id]);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const prerequisiteId = top.node.prerequisiteIds[top.next++];
      if (prerequisiteId === undefined) {
        done.add(top.node.id);
        onPath.delete(top.node.id);
        path.pop();
      } else if (onPath.has(prerequisiteId)) {
        const ids = path.map((step) => step.node.id);
        return { kind: 'cycle', skillIds: ids.slice(ids.indexOf(prerequisiteId)) };
      } else if (!done.has(prerequisiteId) && nodes.has(prerequisiteId)) {
        path.push({ node: nodes.get(prerequisiteId)!, next: 0 });
        onPath.add(prerequisiteId);
      }
    }
  }
  return { kind: 'ok' };
}

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
