import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphSimilarity, type TypedGraph } from './graph-similarity.js';
import { matchGraphs, type GraphPair } from './match-graphs.js';

const types = ['task', 'event', 'gateway'];

function graphs(most: number): fc.Arbitrary<TypedGraph> {
  return fc.integer({ min: 2, max: most }).chain((size) => {
    const number = fc.integer({ min: 0, max: size - 1 });
    return fc.record({
      nodes: fc
        .array(fc.constantFrom(...types), { minLength: size, maxLength: size })
        .map((all) => all.map((type, at) => ({ id: `n${at}`, type }))),
      edges: fc
        .uniqueArray(
          fc.tuple(number, number).filter(([a, b]) => a !== b),
          { maxLength: 2 * size, selector: String },
        )
        .map((all) => all.map(([a, b]) => ({ source: `n${a}`, target: `n${b}`, type: 'flow' }))),
    });
  });
}

/** The best of all matchings, by trying them. */
function bestByTrying({ nodes, given, edges }: GraphPair): number {
  const matched: (number | null)[] = [];
  const best = (worth: number): number => {
    const node = matched.length;
    if (node === nodes.length) {
      return edges.reduce((sum, { source, target, worth: of }) => {
        const [from, to] = [matched[source]!, matched[target]!];
        return from === null || to === null ? sum : sum + of(from, to);
      }, worth);
    }
    let most = 0;
    for (const to of [null, ...Array.from({ length: given }, (_, at) => at)]) {
      if (to !== null && (matched.includes(to) || nodes[node]![to] === 0)) continue;
      matched.push(to);
      most = Math.max(most, best(worth + (to === null ? 0 : nodes[node]![to]!)));
      matched.pop();
    }
    return most;
  };
  return best(0);
}

function pairOf(one: TypedGraph, other: TypedGraph): GraphPair {
  const joined = new Set(other.edges.map(({ source, target }) => `${source} ${target}`));
  const place = (id: string): number => one.nodes.findIndex((node) => node.id === id);
  return {
    nodes: one.nodes.map(({ type }) => other.nodes.map((node) => (node.type === type ? 1 : 0.25))),
    given: other.nodes.length,
    edges: one.edges.map(({ source, target }) => ({
      source: place(source),
      target: place(target),
      worth: (from, to) => (joined.has(`n${from} n${to}`) ? 1 : joined.has(`n${to} n${from}`) ? 0.5 : 0),
    })),
  };
}

describe('matchGraphs', () => {
  it('finds what trying everything finds', () => {
    fc.assert(
      fc.property(graphs(5), graphs(5), (one, other) => {
        const pair = pairOf(one, other);
        const found = matchGraphs(pair);
        expect(found.isBest).toBe(true);
        expect(found.worth).toBeCloseTo(bestByTrying(pair), 9);
      }),
      { numRuns: 60 },
    );
  });

  it('gives every node at most once', () => {
    fc.assert(
      fc.property(graphs(14), graphs(14), (one, other) => {
        const given = matchGraphs(pairOf(one, other)).nodes.filter((to) => to !== null);
        expect(new Set(given).size).toBe(given.length);
      }),
      { numRuns: 40 },
    );
  });

  it('finds a graph in itself, whatever its nodes are called and in what order they come', () => {
    fc.assert(
      fc.property(graphs(9), fc.infiniteStream(fc.nat()), (graph, keys) => {
        const order = graph.nodes
          .map((node) => ({ node, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const names = new Map(order.map(({ node }, at) => [node.id, `m${at}`]));
        const renamed: TypedGraph = {
          nodes: order.map(({ node }) => ({ id: names.get(node.id)!, type: node.type })),
          edges: graph.edges
            .toReversed()
            .map((edge) => ({ ...edge, source: names.get(edge.source)!, target: names.get(edge.target)! })),
        };
        expect(graphSimilarity(graph, renamed)).toBeCloseTo(1, 9);
      }),
      { numRuns: 60 },
    );
  });
});

describe('graphSimilarity', () => {
  it('is 1 of nothing with nothing, and 0 of something with nothing', () => {
    const none: TypedGraph = { nodes: [], edges: [] };
    const some: TypedGraph = { nodes: [{ id: 'a', type: 'task' }], edges: [] };
    expect(graphSimilarity(none, none)).toBe(1);
    expect(graphSimilarity(some, none)).toBe(0);
    expect(graphSimilarity(none, some)).toBe(0);
  });

  it('falls with every edge that is missing', () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, type: id }));
    const edges = [
      { source: 'a', target: 'b', type: 'flow' },
      { source: 'b', target: 'c', type: 'flow' },
    ];
    expect(graphSimilarity({ nodes, edges }, { nodes, edges: edges.slice(1) })).toBeCloseTo((2 * 4) / 9, 9);
  });
});
