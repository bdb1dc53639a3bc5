import { foldLabel } from '../labelled-parts/label-text.js';
import { matchGraphs } from './match-graphs.js';

/** A graph whose nodes and edges have types, and whose nodes may have words. */
export interface TypedGraph {
  readonly nodes: readonly { readonly id: string; readonly type: string; readonly text?: string | undefined }[];
  readonly edges: readonly { readonly source: string; readonly target: string; readonly type: string }[];
}

/** What a node or an edge of another type is worth, of one. */
const otherType = 0.25;
/** How alike two nodes count as where only one of them has words. */
const unwritten = 0.4;

/**
 * How much two graphs have in common, 0–1: twice what the best matching of their nodes and edges is worth, of what both have in
 * all (the coefficient of Dice, 1945, over a graph edit distance). A node or an edge with its like is worth 1, with one of
 * another type {@link otherType}, times how alike the words are: of a node its own, of an edge those of its ends. It does
 * not depend on which graph comes first, nor on the order of nodes and edges, but where a matching is an estimate: with more
 * than 10 nodes.
 */
export function graphSimilarity(one: TypedGraph, other: TypedGraph): number {
  const size = one.nodes.length + one.edges.length + other.nodes.length + other.edges.length;
  if (size === 0) return 1;
  const words = other.nodes.map(pairsOf);
  const alike = one.nodes.map((node) => {
    const own = pairsOf(node);
    return words.map((each) => likenessOf(own, each));
  });
  const numbers = new Map(other.nodes.map(({ id }, at) => [id, at]));
  const between = new Map<string, string[]>();
  for (const { source, target, type } of other.edges) {
    const key = `${numbers.get(source)} ${numbers.get(target)}`;
    between.set(key, [...(between.get(key) ?? []), type]);
  }
  const places = new Map(one.nodes.map(({ id }, at) => [id, at]));
  const worth = (same: boolean): number => (same ? 1 : otherType);
  const matching = matchGraphs({
    nodes: one.nodes.map((node, from) =>
      other.nodes.map(({ type }, to) => {
        return worth(type === node.type) * alike[from]![to]!;
      }),
    ),
    given: other.nodes.length,
    edges: one.edges.flatMap(({ source, target, type }) => {
      const [from, to] = [places.get(source), places.get(target)];
      if (from === undefined || to === undefined) return [];
      const worthBetween = (a: number, b: number): number => {
        const types = between.get(`${a} ${b}`);
        if (types === undefined) return 0;
        return (worth(types.includes(type)) * (alike[from]![a]! + alike[to]![b]!)) / 2;
      };
      return [{ source: from, target: to, worth: worthBetween }];
    }),
  });
  return Math.min(1, (2 * matching.worth) / size);
}

/** Pairs of neighbouring characters of the words of a node, and single ones of a word that has but one. */
function pairsOf({ text = '' }: { readonly text?: string | undefined }): ReadonlySet<string> {
  const words = foldLabel(text).split(' ');
  return new Set(
    words.flatMap((word) => (word.length < 2 ? [word] : Array.from(word.slice(1), (next, at) => word[at] + next))),
  );
}

/** The coefficient of Dice of two sets of pairs; {@link unwritten} where one of them has no words, and 1 where neither has. */
function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.has('') || other.has('')) return one.has('') && other.has('') ? 1 : unwritten;
  const shared = [...one].filter((pair) => other.has(pair)).length;
  return (2 * shared) / (one.size + other.size);
}
