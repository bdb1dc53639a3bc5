import { matchMarks } from '../../model/match-marks.js';

/** An edge of the graph that is looked for, by the numbers of its nodes, and what it is worth between two nodes of the other. */
export interface WantedEdge {
  readonly source: number;
  readonly target: number;
  /** 0 or more; 0 where the other graph has no such edge. */
  readonly worth: (source: number, target: number) => number;
}

/** Two graphs, by what each pairing of their parts is worth. */
export interface GraphPair {
  /** [wanted node][given node], 0 or more; 0 is no match. */
  readonly nodes: readonly (readonly number[])[];
  readonly given: number;
  readonly edges: readonly WantedEdge[];
}

export interface GraphMatching {
  /** By wanted node the given node that stands for it; each at most once. */
  readonly nodes: readonly (number | null)[];
  /** The sum of what is matched. */
  readonly worth: number;
  /** Whether no matching is worth more. */
  readonly isBest: boolean;
}

/** Nodes of either graph up to which every matching is considered, and how many steps that may take. */
const exact = { nodes: 10, steps: 100_000 } as const;
/** Less than this is no gain. */
const gain = 1e-9;

/**
 * The matching of nodes that is worth most, with the edges between them: graph edit distance, whose cost is what is lost of the
 * whole worth. It begins with the bipartite estimate, an assignment of nodes by their own worth and half of what their edges
 * could be worth (Riesen and Bunke, "Approximate graph edit distance computation by means of bipartite graph matching",
 * 2009; Hungarian method), betters it by exchanges, and up to {@link exact} nodes by branch and bound to the best there is.
 */
export function matchGraphs(pair: GraphPair): GraphMatching {
  const search = new GraphSearch(pair);
  const begun = search.better(search.estimate());
  if (Math.max(pair.nodes.length, pair.given) > exact.nodes) return { ...begun, isBest: false };
  return search.best(begun);
}

type Nodes = readonly (number | null)[];

class GraphSearch {
  private readonly incident: readonly (readonly WantedEdge[])[];
  /** By edge, the most that it can be worth. */
  private readonly most: ReadonlyMap<WantedEdge, number>;

  constructor(private readonly pair: GraphPair) {
    const given = Array.from({ length: pair.given }, (_, at) => at);
    this.incident = pair.nodes.map((_, node) =>
      pair.edges.filter(({ source, target }) => source === node || target === node),
    );
    this.most = new Map(
      pair.edges.map((edge) => [edge, Math.max(0, ...given.flatMap((s) => given.map((t) => edge.worth(s, t))))]),
    );
  }

  worthOf(nodes: Nodes): number {
    const ofNodes = nodes.reduce<number>((sum, to, from) => sum + (to === null ? 0 : this.pair.nodes[from]![to]!), 0);
    return this.pair.edges.reduce((sum, edge) => sum + this.worthOfEdge(edge, nodes), ofNodes);
  }

  /** What two nodes and their edges are worth; the second is none where it is −1. */
  private worthAround(one: number, other: number, nodes: Nodes): number {
    const both = other < 0 ? [one] : [one, other];
    const edges = new Set(both.flatMap((node) => this.incident[node]!));
    let worth = both.reduce((sum, node) => sum + (nodes[node] === null ? 0 : this.pair.nodes[node]![nodes[node]!]!), 0);
    for (const edge of edges) worth += this.worthOfEdge(edge, nodes);
    return worth;
  }

  estimate(): Nodes {
    const { nodes, given } = this.pair;
    const others = Array.from({ length: given }, (_, at) => at);
    const estimates = nodes.map((row, from) =>
      row.map((own, to) => {
        const ofEdges = this.incident[from]!.map((edge) =>
          Math.max(0, ...others.map((at) => (edge.source === from ? edge.worth(to, at) : edge.worth(at, to)))),
        );
        return own === 0 ? 0 : own + ofEdges.reduce((sum, each) => sum + each, 0) / 2;
      }),
    );
    const matched = nodes.map((): number | null => null);
    for (const { part, mark } of matchMarks(nodes.length, given, (from, to) => estimates[from]![to]!)) {
      matched[part] = mark;
    }
    return matched;
  }

  /** Exchanges what two nodes were given, or gives a node another one, as long as that is worth more. */
  better(begun: Nodes): { nodes: Nodes; worth: number } {
    const nodes = [...begun];
    let worth = this.worthOf(nodes);
    for (let changed = true; changed;) {
      changed = false;
      for (let from = 0; from < nodes.length; from++) {
        for (let to = -1; to < this.pair.given; to++) {
          const wanted = to === -1 ? null : to;
          const [held, owner] = [nodes[from]!, wanted === null ? -1 : nodes.indexOf(wanted)];
          if (held === wanted || (wanted !== null && this.pair.nodes[from]![wanted] === 0)) continue;
          const before = this.worthAround(from, owner, nodes);
          nodes[from] = wanted;
          if (owner >= 0) nodes[owner] = held !== null && this.pair.nodes[owner]![held] === 0 ? null : held;
          const gained = this.worthAround(from, owner, nodes) - before;
          if (gained > gain) [worth, changed] = [worth + gained, true];
          else {
            nodes[from] = held;
            if (owner >= 0) nodes[owner] = wanted;
          }
        }
      }
    }
    return { nodes, worth };
  }

  best(begun: { readonly nodes: Nodes; readonly worth: number }): GraphMatching {
    const { nodes: worths, given } = this.pair;
    // what is joined most is decided first, for then the bound is soon tight
    const order = worths.map((_, node) => node).sort((a, b) => this.incident[b]!.length - this.incident[a]!.length);
    const place = new Map(order.map((node, at) => [node, at]));
    const settledAt = order.map((node) =>
      this.incident[node]!.filter(
        (edge) => Math.max(place.get(edge.source)!, place.get(edge.target)!) === place.get(node),
      ),
    );
    const hopes = order.map(
      (node, at) => Math.max(0, ...worths[node]!) + settledAt[at]!.reduce((sum, edge) => sum + this.most.get(edge)!, 0),
    );
    for (let at = hopes.length - 2; at >= 0; at--) hopes[at]! += hopes[at + 1]!;
    let best = begun;
    let steps = 0;
    const nodes: (number | null)[] = worths.map(() => null);
    const taken = new Set<number>();
    const extend = (at: number, worth: number): void => {
      if (steps++ > exact.steps || worth + (hopes[at] ?? 0) <= best.worth + gain) return;
      if (at === order.length) {
        best = { nodes: [...nodes], worth };
        return;
      }
      const node = order[at]!;
      for (let to = -1; to < given; to++) {
        if (to >= 0 && (taken.has(to) || worths[node]![to] === 0)) continue;
        nodes[node] = to === -1 ? null : to;
        const own = to === -1 ? 0 : worths[node]![to]!;
        if (to >= 0) taken.add(to);
        extend(
          at + 1,
          settledAt[at]!.reduce((sum, edge) => sum + this.worthOfEdge(edge, nodes), worth + own),
        );
        taken.delete(to);
      }
      nodes[node] = null;
    };
    extend(0, 0);
    return { ...best, isBest: steps <= exact.steps };
  }

  private worthOfEdge({ source, target, worth }: WantedEdge, nodes: Nodes): number {
    const [from, to] = [nodes[source]!, nodes[target]!];
    return from === null || to === null ? 0 : worth(from, to);
  }
}
