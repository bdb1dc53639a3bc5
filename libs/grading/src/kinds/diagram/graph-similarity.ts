import { matchGraphs } from './match-graphs.js';

/** A graph whose nodes and edges have types. */
export interface TypedGraph {
  readonly nodes: readonly { readonly id: string; readonly type: string }[];
  readonly edges: readonly { readonly source: string; readonly target: string; readonly type: string }[];
}

/** What a node or an edge of another type is worth, of one. */
const otherType = 0.25;

/**
 * How much two graphs have in common, 0–1: twice what the best matching of their nodes and edges is worth, of what both have in
 * all (the coefficient of Dice, 1945, over a graph edit distance). A node or an edge with its like is worth 1, with
 * one of another type {@link otherType}. It does not depend on which comes first, but for graphs of more than 10
 * nodes whose matching is an estimate; nor on the order of nodes and edges there.
 */
export function graphSimilarity(one: TypedGraph, other: TypedGraph): number {
  const size = one.nodes.length + one.edges.length + other.nodes.length + other.edges.length;
  if (size === 0) return 1;
  const numbers = new Map(other.nodes.map(({ id }, at) => [id, at]));
  const between = new Map<string, string[]>();
  for (const { source, target, type } of other.edges) {
    const key = `${numbers.get(source)} ${numbers.get(target)}`;
    between.set(key, [...(between.get(key) ?? []), type]);
  }
  const places = new Map(one.nodes.map(({ id }, at) => [id, at]));
  const worth = (same: boolean): number => (same ? 1 : otherType);
  const matching = matchGraphs({
    nodes: one.nodes.map((node) => other.nodes.map(({ type }) => worth(type === node.type))),
    given: other.nodes.length,
    edges: one.edges.flatMap(({ source, target, type }) => {
      const [from, to] = [places.get(source), places.get(target)];
      if (from === undefined || to === undefined) return [];
      const worthBetween = (a: number, b: number): number => {
        const types = between.get(`${a} ${b}`);
        return types === undefined ? 0 : worth(types.includes(type));
      };
      return [{ source: from, target: to, worth: worthBetween }];
    }),
  });
  return Math.min(1, (2 * matching.worth) / size);
}
