import type { Rng } from '#libs/kernel';
import type { Stroke } from './ink.js';
import { densify } from './stroke-geometry.js';
import type { FigureType, SymbolClass } from './symbol-classes.js';

type Place = readonly [number, number];

/** A figure of a planned flowchart; `x` and `y` are its middle, in pixels. */
export interface PlannedFigure {
  readonly id: string;
  readonly type: FigureType;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether something is written inside. */
  readonly isWritten: boolean;
}

/** An arrow of a planned flowchart, with the places that it goes through. */
export interface PlannedArrow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly way: readonly Place[];
  readonly isLabelled: boolean;
}

export interface PlannedFlowchart {
  readonly figures: readonly PlannedFigure[];
  readonly arrows: readonly PlannedArrow[];
}

/** What a group of strokes was drawn as; `ref` is the id of its figure or arrow. */
export interface DrawnGroup {
  readonly label: Exclude<SymbolClass, 'none'>;
  readonly ref: string;
  readonly strokes: readonly number[];
}

/** Strokes whose meaning is known. */
export interface DrawnFlowchart {
  readonly strokes: readonly Stroke[];
  readonly groups: readonly DrawnGroup[];
}

/** How somebody draws. Lengths in pixels. */
export interface Hand {
  /** How far a line strays. */
  readonly wobble: number;
  /** How far strokes miss their ends, as a share of the side. */
  readonly slip: number;
  /** Sides drawn without lifting the pen: all, two, or one. */
  readonly sides: 4 | 2 | 1;
  readonly head: 'vee' | 'barbs' | 'triangle' | 'filled' | 'own';
  readonly headSize: number;
  readonly letter: number;
  readonly isCursive: boolean;
  readonly terminator: 'ellipse' | 'stadium';
  /** How far arrows end from their figures. */
  readonly distance: number;
  /** Pixels between two places of the pen. */
  readonly spacing: number;
}

/** Somebody's hand. */
export function someHand(rng: Rng): Hand {
  return {
    wobble: between(rng, 0.3, 2.5),
    slip: between(rng, 0.005, 0.09),
    sides: pick(rng, [4, 2, 1, 1]),
    head: pick(rng, ['vee', 'vee', 'barbs', 'barbs', 'triangle', 'filled', 'own']),
    headSize: between(rng, 12, 26),
    letter: between(rng, 14, 30),
    isCursive: rng() < 0.25,
    terminator: pick(rng, ['ellipse', 'stadium']),
    distance: between(rng, 1, 14),
    spacing: between(rng, 3, 14),
  };
}

/**
 * A flowchart of three to seven figures in a row from top to bottom or from left to right, whose decisions have a branch to the side
 * that ends there, leads back or leads on.
 */
export function planFlowchart(rng: Rng): PlannedFlowchart {
  const isAcross = rng() < 0.25;
  const [width, height] = [between(rng, 90, 190), between(rng, 45, 90)];
  const isTextless = rng() < 0.35;
  const rows = 3 + Math.floor(rng() * 5);
  const [along, aside] = isAcross
    ? [width + between(rng, 50, 110), height + between(rng, 70, 140)]
    : [height + between(rng, 45, 110), width + between(rng, 60, 140)];
  const figures: PlannedFigure[] = [];
  const arrows: PlannedArrow[] = [];
  const add = (type: FigureType, row: number, column: number): PlannedFigure => {
    const place = [1.2 * width + row * along, 1.2 * height + (column + 1) * aside] as const;
    const across = { x: 1.2 * width + (column + 1) * aside, y: 1.2 * height + row * along };
    const [x, y] = isAcross ? place : [across.x, across.y];
    const isWritten = !isTextless && type !== 'connection';
    const figure = { id: `n${figures.length}`, type, x, y, isWritten, ...sizeOf(type, width, height, rng) };
    figures.push(figure);
    return figure;
  };
  const join = (from: PlannedFigure, to: PlannedFigure, isLabelled = false): void => {
    const way = wayBetween(from, to, isAcross);
    arrows.push({ id: `a${arrows.length}`, source: from.id, target: to.id, way, isLabelled });
  };
  // a terminator without a word is told from a connection by its shape alone
  const ends: FigureType = rng() < (isTextless ? 0.5 : 0.05) ? 'connection' : 'terminator';
  const kinds = Array.from({ length: rows }, (_, row): FigureType =>
    row === 0 || row === rows - 1 ? ends : pick(rng, ['process', 'process', 'data', 'decision']),
  );
  const main = kinds.map((type, row) => add(type, row, 0));
  main.slice(1).forEach((figure, at) => join(main[at]!, figure, kinds[at] === 'decision' && !isTextless));
  const taken = new Set<string>();
  main.forEach((figure, row) => {
    if (figure.type !== 'decision' || rng() < 0.15) return;
    const column = rng() < 0.5 ? -1 : 1;
    const goal = pick(rng, ['none', 'back', 'on']);
    const other = goal === 'back' ? row - 1 : row + 1;
    const keys = [`${row} ${column}`, ...(goal === 'none' ? [] : [`${other} ${column}`])];
    if (keys.some((key) => taken.has(key))) return;
    for (const key of keys) taken.add(key);
    const side = add(goal === 'none' ? pick(rng, ['data', ends]) : pick(rng, ['process', 'data']), row, column);
    join(figure, side, !isTextless);
    if (goal !== 'none') join(side, main[other]!);
  });
  return { figures, arrows };
}

function sizeOf(type: FigureType, width: number, height: number, rng: Rng): { width: number; height: number } {
  const spread = between(rng, 0.85, 1.15);
  if (type === 'connection') return { width: 0.6 * height * spread, height: 0.6 * height * between(rng, 0.85, 1.15) };
  if (type === 'decision') return { width: 0.85 * width * spread, height: 1.3 * height };
  return { width: width * spread, height: height * between(rng, 0.8, 1.1) };
}

/** Straight where two figures stand in line, else round one corner. */
function wayBetween(from: PlannedFigure, to: PlannedFigure, isAcross: boolean): Place[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const down = (figure: PlannedFigure, sign: number): Place => [figure.x, figure.y + (sign * figure.height) / 2];
  const over = (figure: PlannedFigure, sign: number): Place => [figure.x + (sign * figure.width) / 2, figure.y];
  if (Math.abs(dx) < 1) return [down(from, Math.sign(dy)), down(to, -Math.sign(dy))];
  if (Math.abs(dy) < 1) return [over(from, Math.sign(dx)), over(to, -Math.sign(dx))];
  if (isAcross) return [over(from, Math.sign(dx)), [to.x, from.y], down(to, -Math.sign(dy))];
  return [down(from, Math.sign(dy)), [from.x, to.y], over(to, -Math.sign(dx))];
}

/** Draws a flowchart as a hand would: outlines, arrows with their heads, and scribbled words. */
export function drawFlowchart(plan: PlannedFlowchart, hand: Hand, rng: Rng): DrawnFlowchart {
  const pen = new Pen(hand, rng);
  for (const figure of plan.figures) {
    pen.group(figure.type, figure.id, () => pen.figure(figure));
    if (!figure.isWritten) continue;
    const room = (figure.type === 'decision' ? 0.5 : 0.7) * figure.width;
    pen.group('text', figure.id, () => pen.word([figure.x, figure.y], room, figure.height * 0.5));
  }
  for (const { id, way, isLabelled } of plan.arrows) {
    pen.group('arrow', id, () => pen.arrow(way));
    const [[x, y], [nextX]] = way as [Place, Place];
    const away = nextX === x ? [1.8, 1.1] : [2 * Math.sign(nextX - x), -1];
    const place = [x + away[0]! * hand.letter, y + away[1]! * hand.letter] as const;
    if (isLabelled) pen.group('text', id, () => pen.word(place, 2.4 * hand.letter, hand.letter));
  }
  return { strokes: pen.strokes, groups: pen.groups };
}

class Pen {
  readonly strokes: Stroke[] = [];
  readonly groups: DrawnGroup[] = [];

  constructor(
    private readonly hand: Hand,
    private readonly rng: Rng,
  ) {}

  group(label: DrawnGroup['label'], ref: string, draw: () => void): void {
    const first = this.strokes.length;
    draw();
    const strokes = Array.from({ length: this.strokes.length - first }, (_, at) => first + at);
    if (strokes.length > 0) this.groups.push({ label, ref, strokes });
  }

  figure({ type, x, y, width, height }: PlannedFigure): void {
    const [w, h] = [width / 2, height / 2];
    const lean = type === 'data' ? between(this.rng, 0.25, 0.45) * h * 2 : 0;
    switch (type) {
      case 'process':
      case 'data':
        return this.sided([
          [x - w + lean / 2, y - h],
          [x + w + lean / 2, y - h],
          [x + w - lean / 2, y + h],
          [x - w - lean / 2, y + h],
        ]);
      case 'decision':
        return this.sided([
          [x, y - h],
          [x + w, y],
          [x, y + h],
          [x - w, y],
        ]);
      case 'connection':
        return this.ring(x, y, w, h, 2);
      case 'terminator':
        return this.ring(x, y, w, h, this.hand.terminator === 'ellipse' ? 2 : between(this.rng, 2.8, 4.5));
    }
  }

  /** An outline of straight sides, in as many strokes as the hand takes. */
  private sided(corners: readonly Place[]): void {
    const { sides } = this.hand;
    const ring = [...corners, corners[0]!];
    const starts =
      sides === 4
        ? [0]
        : sides === 2
          ? pick(this.rng, [
              [0, 2],
              [0, 3],
              [0, 1],
            ])
          : [0, 1, 2, 3];
    starts.forEach((start, at) => this.line(ring.slice(start, (starts[at + 1] ?? 4) + 1)));
    if (this.rng() < 0.06) this.line([ring[0]!, ring[1]!]);
    if (this.rng() < 0.06) this.strokes.push([this.near(ring[0]!, 2)]);
  }

  /** A superellipse |x/w|ᵖ + |y/h|ᵖ = 1: an ellipse for p = 2, the more of a box the larger it is. */
  private ring(x: number, y: number, w: number, h: number, power: number): void {
    const begin = between(this.rng, 0, 2 * Math.PI);
    const turn = 2 * Math.PI * between(this.rng, 0.93, 1.08) * (this.rng() < 0.5 ? 1 : -1);
    const at = (angle: number): Place => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return [x + w * Math.sign(c) * Math.abs(c) ** (2 / power), y + h * Math.sign(s) * Math.abs(s) ** (2 / power)];
    };
    const arc = (from: number, to: number): void => {
      const places = Array.from({ length: 41 }, (_, step) => at(begin + turn * (from + ((to - from) * step) / 40)));
      this.line(places, 0);
    };
    if (this.rng() < 0.2) {
      arc(0, 0.5);
      arc(0.5, 1);
    } else arc(0, 1);
  }

  arrow(way: readonly Place[]): void {
    const { distance, head, headSize } = this.hand;
    const [from, beforeTip, end] = [way[0]!, way.at(-2)!, way.at(-1)!];
    const start = towards(from, way[1]!, distance * this.rng());
    const tip = towards(end, beforeTip, distance * between(this.rng, 0.3, 1));
    const shaft = [start, ...way.slice(1, -1), tip];
    const spread = between(this.rng, 0.4, 0.7);
    const [left, right] = [spread, -spread].map((angle) => turned(tip, beforeTip, angle, headSize)) as [Place, Place];
    if (head === 'own') return this.line([...shaft, left, tip, right], 0);
    if (shaft.length > 2 && this.rng() < 0.4) {
      this.line(shaft.slice(0, 2));
      this.line(shaft.slice(1));
    } else this.line(shaft, 0.3);
    if (head === 'vee') return this.line([left, tip, right], 0);
    if (head === 'triangle') return this.line([tip, left, right, tip], 0);
    if (head === 'filled') {
      const scribble = Array.from({ length: 9 }, (_, at) => partWay(tip, at % 2 === 0 ? left : right, (at + 1) / 9));
      return this.line([tip, ...scribble], 0);
    }
    this.line([tip, left], 0.05);
    this.line([tip, right], 0.05);
  }

  /** Something like a word, in the middle of some room. */
  word([x, y]: Place, room: number, height: number): void {
    const size = Math.min(this.hand.letter, height);
    const advance = size * between(this.rng, 0.65, 0.9);
    const letters = Math.max(1, Math.min(2 + Math.floor(this.rng() * 6), Math.floor(room / advance)));
    const left = x - (letters * advance) / 2;
    const cells = Array.from({ length: letters }, (_, at): Place => [left + at * advance, y - size / 2]);
    if (this.hand.isCursive) {
      const waves = cells.flatMap((cell) =>
        this.rng() < 0.5
          ? [inCell(cell, size, 0.1, 0.9), inCell(cell, size, 0.5, 0.1)]
          : [inCell(cell, size, 0.2, 0.8), inCell(cell, size, 0.4, 0.4), inCell(cell, size, 0.6, 0.8)],
      );
      if (waves.length > 1) this.line(waves, 0);
      return;
    }
    for (const cell of cells) this.letter(cell, size);
  }

  private letter(cell: Place, size: number): void {
    for (const stroke of pick(this.rng, letters)) {
      this.line(
        stroke.map(([u, v]) => inCell(cell, size, 0.6 * u + between(this.rng, -0.04, 0.04), v)),
        0,
      );
    }
  }

  /** Draws through some places, straying; `loose` is how much of the slip its ends have. */
  private line(way: readonly Place[], loose = 1): void {
    const { wobble, slip, spacing } = this.hand;
    const slipOf = (): number => -between(this.rng, -1, 1) * slip * loose;
    const length = (a: Place, b: Place): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const [first, second, last, beforeLast] = [way[0]!, way[1]!, way.at(-1)!, way.at(-2)!];
    const ends = [
      towards(first, second, slipOf() * length(first, second)),
      ...way.slice(1, -1),
      towards(last, beforeLast, slipOf() * length(last, beforeLast)),
    ];
    const [phase, frequency] = [between(this.rng, 0, 6), between(this.rng, 0.01, 0.04)];
    let [gone, previous] = [0, ends[0]!];
    this.strokes.push(
      densify(ends, spacing).map((place) => {
        gone += length(place, previous);
        previous = place;
        const stray = wobble * Math.sin(phase + gone * frequency * 2 * Math.PI * 0.3);
        return this.near([place[0] + stray, place[1] + stray * Math.cos(phase)], wobble * 0.4);
      }),
    );
  }

  private near([x, y]: Place, most: number): [number, number] {
    const rounded = (value: number): number => Math.round(value * 10) / 10;
    return [rounded(x + between(this.rng, -most, most)), rounded(y + between(this.rng, -most, most))];
  }
}

/** Letters as strokes in a square from 0 to 1. */
const round = Array.from({ length: 13 }, (_, at): Place => [
  0.5 + 0.45 * Math.sin((at * Math.PI) / 6),
  0.5 - 0.45 * Math.cos((at * Math.PI) / 6),
]);
const letters: readonly (readonly Stroke[])[] = [
  [round],
  [round.slice(1, 11)],
  [
    [
      [0.5, 0],
      [0.5, 1],
    ],
  ],
  [
    [
      [0.1, 1],
      [0.1, 0],
      [0.9, 1],
      [0.9, 0],
    ],
  ],
  [
    [
      [0.5, 0],
      [0.5, 1],
    ],
    [
      [0, 0],
      [1, 0],
    ],
  ],
  [
    [
      [0.1, 0],
      [0.1, 1],
    ],
    [
      [0.1, 0],
      [0.8, 0.2],
      [0.1, 0.5],
    ],
  ],
  [
    [
      [0, 0],
      [0.5, 0.5],
      [1, 0],
    ],
    [
      [0.5, 0.5],
      [0.4, 1],
    ],
  ],
  [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    [
      [0, 1],
      [0.5, 0],
      [1, 1],
    ],
    [
      [0.2, 0.6],
      [0.8, 0.6],
    ],
  ],
  [
    [
      [0.9, 0.1],
      [0.3, 0.1],
      [0.3, 0.45],
      [0.8, 0.5],
      [0.8, 0.9],
      [0.1, 0.95],
    ],
  ],
  [
    [
      [0, 0.4],
      [1, 0.4],
    ],
    [
      [0, 0.7],
      [1, 0.7],
    ],
  ],
  [
    [
      [0.1, 0],
      [0.1, 1],
      [0.15, 0.6],
      [0.6, 0.5],
      [0.7, 1],
    ],
  ],
];

function between(rng: Rng, least: number, most: number): number {
  return least + rng() * (most - least);
}

function pick<T>(rng: Rng, all: readonly T[]): T {
  return all[Math.floor(rng() * all.length)]!;
}

/** The place so many pixels from one on the way to another. */
function towards([ax, ay]: Place, [bx, by]: Place, pixels: number): Place {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  return [ax + ((bx - ax) * pixels) / length, ay + ((by - ay) * pixels) / length];
}

function partWay([ax, ay]: Place, [bx, by]: Place, share: number): Place {
  return [ax + (bx - ax) * share, ay + (by - ay) * share];
}

/** The place so many pixels from one, at an angle to the way to another. */
function turned([ax, ay]: Place, [bx, by]: Place, angle: number, pixels: number): Place {
  const bearing = Math.atan2(by - ay, bx - ax) + angle;
  return [ax + pixels * Math.cos(bearing), ay + pixels * Math.sin(bearing)];
}

function inCell([left, top]: Place, size: number, u: number, v: number): Place {
  return [left + u * size, top + v * size];
}
