import { containers, type Bounds, type DetectedArrow, type DetectedDrawing, type DetectedShape } from '#libs/grading';

/**
 * What the network of drawings gives for one picture (training/attune_training/drawings): peaks, and 0 elsewhere. Boxes are distances
 * left, top, right and bottom of the cell, vectors are x and y from it, both in shares of the side of the input.
 */
export interface DrawingMaps {
  /** Cells of a side; the maps are square. */
  readonly side: number;
  /** [channel][row][column]: shapes by label, `word`, `arrow:` and its kind, `tail`, `head`. */
  readonly heat: Float32Array;
  readonly channels: readonly string[];
  /** [4 × kind][row][column]: of symbols, containers, words and arrows. */
  readonly boxes: Float32Array;
  /** [2 × kind][row][column]: middle to tail, middle to head, head to tail, tail to head. */
  readonly vectors: Float32Array;
}

/** From which probability on something counts; chosen on photos of writers who taught nothing, and for words on drawn flowcharts that did not either. */
export interface Thresholds {
  readonly symbol: number;
  /** Of pools and lanes. */
  readonly pool: number;
  readonly word: number;
  readonly arrow: number;
  /** Of the ends of arrows: they only correct where an arrow says its ends are. */
  readonly end: number;
}

export const thresholds: Thresholds = { symbol: 0.3, pool: 0.25, word: 0.22, arrow: 0.25, end: 0.1 };

const pools: ReadonlySet<string> = new Set(['participant', 'lane']);
const boxKinds = { symbol: 0, container: 1, word: 2, arrow: 3 } as const;
const vectorKinds = { middleToTail: 0, middleToHead: 1, headToTail: 2, tailToHead: 3 } as const;

/** Two symbols overlap by no more than this, nor do two words; of two containers of one label, no more of the smaller lies in the other. */
const mostOverlap = 0.5;
/** Two arrows whose ends are so near to each other, as a share of the side, are one. */
const sameEnds = 0.015;
/** How far from where an arrow says its ends are they are looked for: a share of the side, and of the length. */
const reach = { least: 0.018, share: 0.18 } as const;
/** What an end counts as that was not seen. */
const unseen = 0.15;

type Place = readonly [number, number];

interface Peak {
  readonly at: Place;
  readonly cell: number;
  readonly score: number;
}

/** Reads shapes, arrows and words off the maps; places are shares of the side of the input. */
export function readMaps(
  maps: DrawingMaps,
  labels: ReadonlySet<string>,
  least: Thresholds = thresholds,
): DetectedDrawing {
  const channel = new Map(maps.channels.map((name, at) => [name, at]));
  const shapes = maps.channels
    .filter((name) => labels.has(name))
    .flatMap((label) => {
      const kind = containers.has(label) ? 'container' : 'symbol';
      return peaksOf(maps, channel.get(label)!, least[pools.has(label) ? 'pool' : 'symbol']).map(
        (peak): DetectedShape => {
          return { label, probability: peak.score, box: boxAt(maps, boxKinds[kind], peak) };
        },
      );
    });
  const words = peaksOf(maps, channel.get('word')!, least.word).map((peak) => {
    return { probability: peak.score, box: boxAt(maps, boxKinds.word, peak) };
  });
  return {
    kind: 'detected',
    shapes: apart(shapes, areRivals, ({ label }) => (containers.has(label) ? shareOfSmaller : overlap)),
    arrows: readArrows(maps, channel, least.arrow, least.end),
    words: apart(
      words,
      () => true,
      () => overlap,
    ),
  };
}

function areRivals(one: DetectedShape, other: DetectedShape): boolean {
  return one.label === other.label || !(containers.has(one.label) || containers.has(other.label));
}

/** The surest first, without those that lie on a surer rival. */
function apart<T extends { readonly probability: number; readonly box: Bounds }>(
  all: readonly T[],
  isRival: (one: T, other: T) => boolean,
  measureOf: (one: T) => (a: Bounds, b: Bounds) => number,
): T[] {
  const kept: T[] = [];
  for (const each of all.toSorted((a, b) => b.probability - a.probability)) {
    const measure = measureOf(each);
    if (!kept.some((other) => isRival(each, other) && measure(each.box, other.box) > mostOverlap)) kept.push(each);
  }
  return kept;
}

/**
 * Arrows by their middles, each with the tail and the head that fit best: that were seen near where the middle says they are, and
 * agree with where the head says its tail is, and the tail its head.
 */
function readArrows(
  maps: DrawingMaps,
  channel: ReadonlyMap<string, number>,
  threshold: number,
  end: number,
): DetectedArrow[] {
  const tails = peaksOf(maps, channel.get('tail')!, end);
  const heads = peaksOf(maps, channel.get('head')!, end);
  const found = maps.channels
    .filter((name) => name.startsWith('arrow:'))
    .flatMap((name) =>
      peaksOf(maps, channel.get(name)!, threshold).map((middle): DetectedArrow => {
        const said = {
          tail: vectorAt(maps, vectorKinds.middleToTail, middle),
          head: vectorAt(maps, vectorKinds.middleToHead, middle),
        };
        const { tail, head } = bestEnds(maps, said, tails, heads);
        return {
          label: name.slice('arrow:'.length),
          probability: middle.score,
          box: boxAt(maps, boxKinds.arrow, middle),
          tail: tail.at,
          head: head.at,
          ends: Math.min(tail.score, head.score),
        };
      }),
    )
    .sort((a, b) => b.probability - a.probability);
  const kept: DetectedArrow[] = [];
  for (const each of found) {
    const isSame = kept.some(
      ({ tail, head }) => distance(tail, each.tail) < sameEnds && distance(head, each.head) < sameEnds,
    );
    if (!isSame) kept.push(each);
  }
  return kept;
}

function bestEnds(
  maps: DrawingMaps,
  said: { readonly tail: Place; readonly head: Place },
  tails: readonly Peak[],
  heads: readonly Peak[],
): { readonly tail: Peak; readonly head: Peak } {
  const radius = Math.max(reach.least, reach.share * distance(said.tail, said.head));
  const near = (all: readonly Peak[], place: Place): Peak[] => [
    ...all.filter(({ at }) => distance(at, place) < radius),
    { at: place, cell: -1, score: unseen },
  ];
  const fit = (one: Place, other: Place): number => Math.exp(-2 * (distance(one, other) / radius) ** 2);
  let best: { tail: Peak; head: Peak; worth: number } | null = null;
  for (const tail of near(tails, said.tail)) {
    for (const head of near(heads, said.head)) {
      const backward = head.cell < 0 ? 0.5 : fit(vectorAt(maps, vectorKinds.headToTail, head), tail.at);
      const forward = tail.cell < 0 ? 0.5 : fit(vectorAt(maps, vectorKinds.tailToHead, tail), head.at);
      const own = tail.score * head.score * fit(tail.at, said.tail) * fit(head.at, said.head);
      const worth = own * (0.2 + backward) * (0.2 + forward);
      if (best === null || worth > best.worth) best = { tail, head, worth };
    }
  }
  return best!;
}

function peaksOf({ heat, side }: DrawingMaps, channel: number, threshold: number): Peak[] {
  const first = channel * side * side;
  const peaks: Peak[] = [];
  for (let cell = 0; cell < side * side; cell++) {
    const score = heat[first + cell]!;
    if (score >= threshold && score > 0) {
      peaks.push({ at: [(cell % side) / side, Math.floor(cell / side) / side], cell, score });
    }
  }
  return peaks;
}

function boxAt({ boxes, side }: DrawingMaps, kind: number, { at: [x, y], cell }: Peak): Bounds {
  const part = (which: number): number => boxes[(4 * kind + which) * side * side + cell]!;
  return { left: x - part(0), top: y - part(1), right: x + part(2), bottom: y + part(3) };
}

function vectorAt({ vectors, side }: DrawingMaps, kind: number, { at: [x, y], cell }: Peak): Place {
  const part = (which: number): number => vectors[(2 * kind + which) * side * side + cell]!;
  return [x + part(0), y + part(1)];
}

/** Intersection over union. */
export function overlap(a: Bounds, b: Bounds): number {
  const shared = areaShared(a, b);
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

/** Intersection over the smaller one. */
function shareOfSmaller(a: Bounds, b: Bounds): number {
  const shared = areaShared(a, b);
  return shared === 0 ? 0 : shared / Math.min(areaOf(a), areaOf(b));
}

function areaShared(a: Bounds, b: Bounds): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return across <= 0 || down <= 0 ? 0 : across * down;
}

function areaOf({ left, top, right, bottom }: Bounds): number {
  return (right - left) * (bottom - top);
}

function distance([ax, ay]: Place, [bx, by]: Place): number {
  return Math.hypot(ax - bx, ay - by);
}
