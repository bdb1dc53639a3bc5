import { boundsOf, contains, distanceToOutline, type Polygon } from '../../model/geometry.js';
import { cornersOf, type Mark, type Marks } from '../../model/marks.js';
import { readFlowchart } from '../../ink/read-flowchart.js';
import type { Stroke } from '../../ink/ink.js';
import { convexHull, densify, distanceBetween } from '../../ink/stroke-geometry.js';
import type { FigureType, SymbolClassifier } from '../../ink/symbol-classes.js';

/** What is written at a figure or an arrow: a typed label, ink that nobody has read, or nothing. */
export type Writing =
  { readonly kind: 'typed'; readonly text: string } | { readonly kind: 'ink' } | { readonly kind: 'none' };

/** A figure or an arrow as it was drawn. */
interface Drawn {
  readonly writing: Writing;
  /** Its strokes and labels. */
  readonly markIds: readonly string[];
  readonly region: Polygon;
  /** 0–1: that it is read right. */
  readonly probability: number;
}

export interface DrawnNode extends Drawn {
  readonly type: FigureType;
}

export interface DrawnEdge extends Drawn {
  /** Numbers of the nodes that it joins; null where it leads to none. */
  readonly source: number | null;
  readonly target: number | null;
  /** How sure its direction is: 0–1. */
  readonly directed: number;
}

/** A diagram as it was handed in. */
export interface DrawnDiagram {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** Marks that belong to nothing. */
  readonly loose: readonly Mark[];
}

/** How far beside an arrow its words stand at most, in scales of the writing. */
const besideArrow = 1;

interface Words {
  readonly typed: { readonly text: string; readonly at: readonly [number, number] }[];
  readonly marks: Mark[];
  hasInk: boolean;
}

/**
 * Reads the graph off strokes and labels. A label that was put on the canvas, or given to a stroke, is of the figure that it lies
 * in, else of the nearest arrow; strokes inside a figure or beside an arrow that are neither are its words in ink. Marks are
 * looked at in an order of their own, so the order in which they came means nothing.
 */
export function readDiagram(marks: Marks, classify: SymbolClassifier): DrawnDiagram {
  const ordered = marks
    .map((mark) => ({ mark, key: `${JSON.stringify(mark.shape)} ${mark.label} ${mark.id}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ mark }) => mark);
  const inked = ordered.filter(({ shape }) => shape.kind === 'stroke');
  const strokes = inked.map(({ shape }): Stroke => cornersOf(shape));
  const chart = readFlowchart(strokes, classify);
  const atFigure = chart.figures.map((): Words => ({ typed: [], marks: [], hasInk: false }));
  const atArrow = chart.arrows.map((): Words => ({ typed: [], marks: [], hasInk: false }));
  const loose: Mark[] = [];
  const shafts = chart.arrows.map(({ shaft }) => shaft.flatMap((at) => densify(strokes[at]!, chart.scale / 10)));
  const nearestArrow = (place: readonly [number, number]): Words | undefined => {
    const distances = shafts.map((shaft) => Math.min(...shaft.map((each) => distanceBetween(each, place))));
    const nearest = Math.min(...distances);
    return nearest <= besideArrow * chart.scale ? atArrow[distances.indexOf(nearest)] : undefined;
  };
  const figureAt = ([x, y]: readonly [number, number]): Words | undefined =>
    atFigure[chart.figures.findIndex(({ hull }) => contains(hull, x, y) || distanceToOutline(hull, x, y) < 1)];
  const label = (mark: Mark, words: Words | undefined): void => {
    if (words === undefined) loose.push(mark);
    else {
      if (mark.label !== '') words.typed.push({ text: mark.label, at: middleOf(cornersOf(mark.shape)) });
      words.marks.push(mark);
    }
  };
  for (const mark of ordered) {
    if (mark.shape.kind === 'stroke') continue;
    const place = middleOf(cornersOf(mark.shape));
    label(mark, figureAt(place) ?? nearestArrow(place));
  }
  chart.figures.forEach((figure, at) => figure.strokes.forEach((index) => label(inked[index]!, atFigure[at])));
  chart.arrows.forEach(({ shaft, head }, at) =>
    [...shaft, ...head].forEach((index) => label(inked[index]!, atArrow[at])),
  );
  const write = (index: number, words: Words | undefined): void => {
    if (words !== undefined && inked[index]!.label === '') words.hasInk = true;
    label(inked[index]!, words);
  };
  chart.inside.forEach((own, at) => own.forEach((index) => write(index, atFigure[at])));
  chart.beside.forEach((index) => write(index, nearestArrow(middleOf(strokes[index]!))));
  return {
    nodes: chart.figures.map(({ type, probability, hull }, at) => ({
      type,
      probability,
      region: hull,
      ...toDrawn(atFigure[at]!),
    })),
    edges: chart.arrows.map(({ source, target, directed, shaft, head }, at) => ({
      source,
      target,
      directed,
      probability: 1,
      region: outlineOf([...shaft, ...head].flatMap((index) => strokes[index]!)),
      ...toDrawn(atArrow[at]!),
    })),
    loose,
  };
}

function toDrawn({ typed, marks, hasInk }: Words): Pick<Drawn, 'writing' | 'markIds'> {
  const markIds = marks.map(({ id }) => id);
  if (typed.length === 0) return { writing: { kind: hasInk ? 'ink' : 'none' }, markIds };
  const read = typed.toSorted((a, b) => a.at[1] - b.at[1] || a.at[0] - b.at[0]).map(({ text }) => text);
  return { writing: { kind: 'typed', text: [...new Set(read)].join(' ') }, markIds };
}

function middleOf(places: Stroke): readonly [number, number] {
  const { left, top, right, bottom } = boundsOf(places);
  return [(left + right) / 2, (top + bottom) / 2];
}

/** The hull of some places; of places on a line the box around them, a little wider. */
function outlineOf(places: Stroke): Polygon {
  const hull = convexHull(places);
  if (hull.length >= 3) return hull;
  const { left, top, right, bottom } = boundsOf(places);
  return [
    [left - 2, top - 2],
    [right + 2, top - 2],
    [right + 2, bottom + 2],
    [left - 2, bottom + 2],
  ];
}
