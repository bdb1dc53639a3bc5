import { boundsOf, contains, distanceToOutline } from '../model/geometry.js';
import { describeSymbol } from './describe-symbol.js';
import type { Figure } from './find-figures.js';
import type { Stroke } from './ink.js';
import { densify, diagonalOf, distanceBetween, evenPlaces, measuresOf, turnAt } from './stroke-geometry.js';
import { symbolClasses, type SymbolClassifier } from './symbol-classes.js';

/** An arrow, or a line, from one figure to another. */
export interface Arrow {
  /** Indices of the figures; null where it leads to none. */
  readonly source: number | null;
  readonly target: number | null;
  /** How sure its direction is: 0 where nothing tells it but the way that the pen went, to 1. */
  readonly directed: number;
  /** Indices of the strokes of its shaft, in order, and of its head. */
  readonly shaft: readonly number[];
  readonly head: readonly number[];
  readonly from: Place;
  readonly to: Place;
}

type Place = readonly [number, number];

/** Distances in shares of the scale. */
const reach = {
  /** So near to a figure the end of an arrow belongs to it, whatever else is near. */
  touch: 0.12,
  /** From the end of an arrow to the figure that it means. */
  figure: 0.6,
  /** So near to a figure a way ends, and goes on over no further stroke. */
  close: 0.45,
  /** Between two strokes of one shaft. */
  joint: 0.35,
  /** From the end of an arrow to the shaft of another into which it leads. */
  shaft: 0.2,
  /** From the tip to the strokes of its head, and how large these are. */
  head: 0.25,
  headSize: 0.6,
  /** The last of a shaft, where it may turn back for a head of its own. */
  hook: 0.4,
  hookStep: 0.08,
} as const;
/** By how much a shaft that makes its own head turns back, in radians. */
const hookTurn = (100 * Math.PI) / 180;
/** The shortest stroke of a shaft, and the shortest lines that lead to another shaft and that lead nowhere. */
const shortest = { piece: 0.12, branch: 0.7, dangling: 0.5 } as const;
/** The share of its ink that the gaps of a way from figure to figure have to stay below for nobody to ask what it looks like. */
const tight = 0.6;
/** The share of its ink by which a way has to be shorter as the crow flies to be a head. */
const straight = 0.8;
/** How a line is told from writing: all its turns together, in radians, looked at in steps of so many scales. */
const bend = { step: 0.12, most: 1.75 * Math.PI } as const;
/** What a pixel of gap costs in pixels of ink. */
const gapCost = 1;
const mostPieces = 4;
const limits = { pieces: 200, steps: 20_000 } as const;

interface Piece {
  readonly index: number;
  readonly stroke: Stroke;
  readonly length: number;
  readonly ends: readonly [Place, Place];
  readonly tips: readonly [Tip, Tip];
}

/** Where a stroke ends, or turns back to draw a head. */
interface Tip {
  readonly place: Place;
  readonly isHead: boolean;
}

/** Pieces one after the other, each with the end at which it is entered. */
interface Path {
  readonly pieces: readonly Piece[];
  readonly entered: readonly (0 | 1)[];
  readonly begin: Attachment;
  readonly end: Attachment;
  readonly worth: number;
  /** Pixels of ink, and of gaps: between its pieces, and to its figures. */
  readonly ink: number;
  readonly gaps: number;
}

/** What an end of a path belongs to: a figure, and how far off it is in pixels; null where none is near. */
interface Attachment {
  readonly place: Place;
  readonly figure: number | null;
  readonly distance: number;
}

/**
 * The arrows among strokes that belong to no figure. A shaft is a way over strokes, joined end to end, from one figure to another;
 * of all such ways those are taken first that have the most ink for their gaps. Then come lines that end on the shaft
 * of another arrow, which lead where it leads, and lines with one end in the air. An arrow points to the end that has
 * a head: small strokes at its tip, or a shaft that turns back there.
 */
export function traceArrows(
  strokes: readonly Stroke[],
  free: readonly number[],
  figures: readonly Figure[],
  {
    scale,
    figureScale,
    classify,
  }: { readonly scale: number; readonly figureScale: number; readonly classify: SymbolClassifier },
): Arrow[] {
  const isArrow = (group: readonly number[]): boolean => {
    const probabilities = classify(
      describeSymbol(
        group.map((index) => strokes[index]!),
        { scale, others: strokes },
      ),
    );
    return probabilities[symbolClasses.indexOf('arrow')]! > probabilities[symbolClasses.indexOf('text')]!;
  };
  return new ArrowTracer(strokes, free, figures, { scale: figureScale, isArrow }).trace();
}

class ArrowTracer {
  private readonly pieces: readonly Piece[];
  private readonly scale: number;
  private readonly isArrow: (group: readonly number[]) => boolean;
  private readonly used = new Set<number>();
  private readonly paths: Path[] = [];

  constructor(
    private readonly strokes: readonly Stroke[],
    private readonly free: readonly number[],
    private readonly figures: readonly Figure[],
    { scale, isArrow }: { readonly scale: number; readonly isArrow: (group: readonly number[]) => boolean },
  ) {
    this.scale = scale;
    this.isArrow = isArrow;
    this.pieces = free
      .map((index) => {
        const stroke = strokes[index]!;
        const tips = [tipOf(stroke, scale), tipOf(stroke.toReversed(), scale)] as const;
        return { index, stroke, length: measuresOf(stroke).length, ends: [stroke[0]!, stroke.at(-1)!] as const, tips };
      })
      .filter(({ stroke }) => diagonalOf(boundsOf(stroke)) >= shortest.piece * scale)
      .sort((a, b) => b.length - a.length)
      .slice(0, limits.pieces);
  }

  trace(): Arrow[] {
    const all = this.allPaths();
    this.take(
      all.filter(({ begin, end }) => begin.figure !== null && end.figure !== null && begin.figure !== end.figure),
    );
    this.detach();
    const whole = this.paths.length;
    this.take(all.map((path) => this.detached(path)).filter((path) => this.isBranch(path)));
    const branches = this.paths.length;
    this.take(all.filter((path) => this.isDangling(path)));
    const heads = this.heads();
    return this.paths.map((path, at) => {
      const arrow = this.toArrow(path, heads[at]!);
      return at >= whole && at < branches ? this.joined(arrow, path, heads) : arrow;
    });
  }

  private take(paths: readonly Path[]): void {
    for (const path of paths) {
      if (path.pieces.some(({ index }) => this.used.has(index))) continue;
      if (this.isHead(path)) continue;
      const isSure = isTight(path) && !this.paths.some((other) => joinsTheSame(path, other));
      if (!isSure && !this.isArrow(path.pieces.map(({ index }) => index))) continue;
      for (const { index } of path.pieces) this.used.add(index);
      this.paths.push(path);
    }
  }

  /** Whether a short and bent way touches the tip of one that is known, twice as long at least: it is the head of that. */
  private isHead({ pieces, begin, end, ink }: Path): boolean {
    const span = diagonalOf(boundsOf(pieces.flatMap(({ stroke }) => stroke)));
    if (distanceBetween(begin.place, end.place) > straight * ink || span > reach.headSize * this.scale) return false;
    const tips = this.paths
      .filter((path) => path.ink >= 2 * span)
      .flatMap((path) => [path.begin.place, path.end.place]);
    const dense = pieces.flatMap(({ stroke }) => densify(stroke, this.scale / 40));
    return tips.some((tip) => dense.some((place) => distanceBetween(place, tip) <= reach.head * this.scale));
  }

  /** Whether a way bends no more than a few corners do; writing does. */
  private isPlain({ pieces }: Path): boolean {
    const turned = pieces.map(({ stroke }) => {
      const even = evenPlaces(stroke, bend.step * this.scale);
      return even.slice(2).reduce((sum, place, at) => sum + Math.abs(turnAt(even[at]!, even[at + 1]!, place)), 0);
    });
    return turned.reduce((sum, each) => sum + each, 0) <= bend.most;
  }

  /** Every way over up to {@link mostPieces} pieces, the worthiest first. */
  private allPaths(): Path[] {
    const paths: Path[] = [];
    let steps = 0;
    const attachments = this.pieces.map(({ ends }) => [this.attach(ends[0]), this.attach(ends[1])] as const);
    const extend = (chain: readonly number[], entered: readonly (0 | 1)[], gaps: number): void => {
      if (steps++ > limits.steps) return;
      const [first, last] = [chain[0]!, chain.at(-1)!];
      const begin = attachments[first]![entered[0]!];
      const end = attachments[last]![(1 - entered.at(-1)!) as 0 | 1];
      const pieces = chain.map((each) => this.pieces[each]!);
      // each way is walked from one of its two ends only
      if (first < last || (first === last && entered[0] === 0)) {
        const ink = pieces.reduce((sum, { length }) => sum + length, 0);
        const toFigures = begin.distance + end.distance;
        paths.push({
          pieces,
          entered,
          begin,
          end,
          ink,
          gaps: gaps + toFigures,
          worth: ink - gapCost * (gaps + toFigures),
        });
      }
      if (chain.length === mostPieces || (end.figure !== null && end.distance < reach.close * this.scale)) return;
      this.pieces.forEach((piece, next) => {
        if (chain.includes(next)) return;
        for (const side of [0, 1] as const) {
          const gap = distanceBetween(end.place, piece.ends[side]);
          if (gap <= reach.joint * this.scale) extend([...chain, next], [...entered, side], gaps + gap);
        }
      });
    };
    this.pieces.forEach((_, at) => {
      extend([at], [0], 0);
      extend([at], [1], 0);
    });
    return paths.filter(({ worth }) => worth > 0).sort((a, b) => b.worth - a.worth);
  }

  private attach(place: Place): Attachment {
    let nearest: Attachment = { place, figure: null, distance: reach.figure * this.scale };
    this.figures.forEach(({ hull }, figure) => {
      const distance = contains(hull, ...place) ? 0 : distanceToOutline(hull, ...place);
      if (distance < nearest.distance) nearest = { place, figure, distance };
    });
    return nearest;
  }

  /** Lets go of ways that end nearer to the shaft of another than to the figure that they were thought to lead to. */
  private detach(): void {
    const loose = this.paths.filter((path) => openEnd(this.detached(path)) !== null);
    for (const path of loose) {
      this.paths.splice(this.paths.indexOf(path), 1);
      for (const { index } of path.pieces) this.used.delete(index);
    }
  }

  /** A way that belongs to no figure where the shaft of another is nearer. */
  private detached(path: Path): Path {
    const atFigure = (end: Attachment): Attachment => {
      if (end.figure === null || end.distance < reach.touch * this.scale) return end;
      return this.shaftAt(end.place, path, Math.min(end.distance, reach.shaft * this.scale)) === null
        ? end
        : { ...end, figure: null };
    };
    const [begin, end] = [atFigure(path.begin), atFigure(path.end)];
    // one of two crossing ways keeps both of its ends
    return begin.figure === null && end.figure === null ? path : { ...path, begin, end };
  }

  /** Whether one end is at a figure and the other on the shaft of an arrow that is known. */
  private isBranch(path: Path): boolean {
    const open = openEnd(path);
    if (open === null || path.ink < shortest.branch * this.scale || !this.isPlain(path)) return false;
    return attachedEnd(path).distance <= reach.close * this.scale && this.shaftAt(open.place, path) !== null;
  }

  /** The path of another arrow that goes by within `least` pixels. */
  private shaftAt(place: Place, own: Path, least = reach.shaft * this.scale): number | null {
    let nearest: number | null = null;
    this.paths.forEach((path, at) => {
      for (const { index, stroke } of path.pieces) {
        if (own.pieces.some((piece) => piece.index === index)) return;
        for (const each of densify(stroke, this.scale / 20)) {
          if (distanceBetween(each, place) < least) [nearest, least] = [at, distanceBetween(each, place)];
        }
      }
    });
    return nearest;
  }

  private isDangling(path: Path): boolean {
    return openEnd(path) !== null && path.ink >= shortest.dangling * this.scale && this.isPlain(path);
  }

  /** By path: how much of a head each end has, and the strokes of these heads. */
  private heads(): { readonly begin: Head; readonly end: Head }[] {
    const heads = this.paths.map((path) => ({ begin: this.ownHead(path, 0), end: this.ownHead(path, 1) }));
    for (const index of this.free) {
      const stroke = this.strokes[index]!;
      if (this.used.has(index) || diagonalOf(measuresOf(stroke).bounds) > reach.headSize * this.scale) continue;
      const dense = densify(stroke, this.scale / 40);
      let best: { head: Head; distance: number } | null = null;
      this.paths.forEach((path, at) => {
        for (const side of ['begin', 'end'] as const) {
          const distance = Math.min(...dense.map((place) => distanceBetween(place, path[side].place)));
          if (distance < (best?.distance ?? reach.head * this.scale)) best = { head: heads[at]![side], distance };
        }
      });
      if (best === null) continue;
      const { head, distance } = best as { head: Head; distance: number };
      head.strokes.push(index);
      head.evidence = Math.max(head.evidence, Math.exp(-distance / (0.08 * this.scale)));
    }
    return heads;
  }

  /** A head that the shaft itself makes: where it turns back near its end. */
  private ownHead({ pieces, entered }: Path, side: 0 | 1): Head {
    const at = side === 0 ? 0 : pieces.length - 1;
    const { isHead } = pieces[at]!.tips[entered[at] === 0 ? side : ((1 - side) as 0 | 1)];
    return { evidence: isHead ? 0.8 : 0, strokes: [] };
  }

  private toArrow(path: Path, { begin, end }: { readonly begin: Head; readonly end: Head }): Arrow {
    const isForward = end.evidence === begin.evidence ? isDrawnForward(path) : end.evidence > begin.evidence;
    const [source, target] = isForward ? [path.begin, path.end] : [path.end, path.begin];
    const shaft = path.pieces.map(({ index }) => index);
    return {
      source: source.figure,
      target: target.figure,
      directed: Math.min(1, Math.abs(end.evidence - begin.evidence)),
      shaft: isForward ? shaft : shaft.toReversed(),
      head: [...begin.strokes, ...end.strokes].sort((a, b) => a - b),
      from: source.place,
      to: target.place,
    };
  }

  /** An arrow that ends on the shaft of another comes from its own figure and leads where the other leads. */
  private joined(arrow: Arrow, path: Path, heads: readonly { readonly begin: Head; readonly end: Head }[]): Arrow {
    const open = openEnd(path)!;
    const other = this.shaftAt(open.place, path)!;
    const joint = this.toArrow(this.paths[other]!, heads[other]!);
    const figure = path.begin.figure ?? path.end.figure;
    // a head at the figure says that the line comes from the other shaft
    if (arrow.target === figure && arrow.directed > 0.3) return { ...arrow, source: joint.source };
    return { ...arrow, source: figure, target: joint.target, from: attachedEnd(path).place, to: open.place };
  }
}

interface Head {
  evidence: number;
  readonly strokes: number[];
}

/** Whether a way goes from figure to figure with few gaps: whatever it looks like, it joins them. */
function isTight({ begin, end, ink, gaps }: Path): boolean {
  return begin.figure !== null && end.figure !== null && gaps <= tight * ink;
}

function joinsTheSame(one: Path, other: Path): boolean {
  const [a, b] = [one, other].map(({ begin, end }) => [begin.figure, end.figure].sort().join());
  return a === b;
}

function openEnd({ begin, end }: Path): Attachment | null {
  if (begin.figure === null) return end.figure === null ? null : begin;
  return end.figure === null ? end : null;
}

function attachedEnd({ begin, end }: Path): Attachment {
  return begin.figure === null ? end : begin;
}

/** Whether the pen went along the path, by the longest of its strokes. */
function isDrawnForward({ pieces, entered }: Path): boolean {
  const longest = pieces.reduce((best, { length }, at) => (length > pieces[best]!.length ? at : best), 0);
  return entered[longest] === 0;
}

/** Where a stroke begins; where it turns back soon, that is its tip, and what comes before is a barb. */
function tipOf(stroke: Stroke, scale: number): Tip {
  // a barb drawn there and back, and another one: they take most of a short arrow's ink
  const looked = Math.min(reach.hook * scale, 0.45 * measuresOf(stroke).length);
  const even = evenPlaces(stroke, reach.hookStep * scale).slice(0, Math.ceil(looked / (reach.hookStep * scale)) + 1);
  for (let at = 1; at + 1 < even.length; at++) {
    // over two steps as well, for a corner that was cut between two places
    const turns = [1, 2].filter((step) => at >= step && at + step < even.length);
    const turned = turns.map((step) => Math.abs(turnAt(even[at - step]!, even[at]!, even[at + step]!)));
    if (Math.max(...turned) > hookTurn) return { place: even[at]!, isHead: true };
  }
  return { place: stroke[0]!, isHead: false };
}
