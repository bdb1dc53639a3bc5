import { areaOf, boundsOf, contains, type Polygon } from '../model/geometry.js';
import { describeSymbol } from './describe-symbol.js';
import { findOutlines } from './find-outlines.js';
import type { Stroke } from './ink.js';
import { hullAround } from './stroke-geometry.js';
import { figureTypes, symbolClasses, type FigureType, type SymbolClassifier } from './symbol-classes.js';

/** A figure of a flowchart, as it was drawn. */
export interface Figure {
  readonly type: FigureType;
  /** That it is a figure, and of this type, by the classifier: 0–1. */
  readonly probability: number;
  /** Indices of its strokes, ascending. */
  readonly strokes: readonly number[];
  readonly hull: Polygon;
}

/** The least probability of being any figure. */
const leastProbable = 0.2;
/**
 * A group is taken in place of one that is a part of it where it is not much larger in area, and probably a figure too; less
 * probably where more of its way around is drawn.
 */
const mending = { probable: 0.75, covering: 0.25, covered: 0.03, larger: 1.15 } as const;
/** How many times larger what holds a figure must be. */
const holding = 1.5;
/** Where the share of the outline that is drawn stands among the features. */
const coverage = 5;

interface Candidate extends Figure {
  readonly isFigure: number;
  readonly area: number;
  readonly covered: number;
}

/**
 * The figures among some strokes: of all groups that may be an outline the most probable ones that share no stroke, and of what
 * lies inside a figure nothing, for that is writing.
 */
export function findFigures(strokes: readonly Stroke[], scale: number, classify: SymbolClassifier): Figure[] {
  const candidates = findOutlines(strokes, scale)
    .map((group) => toCandidate(group, strokes, scale, classify))
    .filter(({ isFigure }) => isFigure >= leastProbable)
    .sort((a, b) => b.isFigure - a.isFigure || b.area - a.area);
  const taken = new Set<number>();
  const isFree = ({ strokes: own }: Candidate): boolean => !own.some((index) => taken.has(index));
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    if (!isFree(candidate)) continue;
    const mended = candidates.find((other) => isFree(other) && mends(other, candidate)) ?? candidate;
    for (const index of mended.strokes) taken.add(index);
    chosen.push(mended);
  }
  return chosen
    .filter((figure) => !chosen.some((other) => other.area > holding * figure.area && holds(other.hull, figure.hull)))
    .map(({ type, probability, strokes: own, hull }) => ({ type, probability, strokes: own, hull }));
}

function toCandidate(
  group: readonly number[],
  strokes: readonly Stroke[],
  scale: number,
  classify: SymbolClassifier,
): Candidate {
  const drawn = group.map((index) => strokes[index]!);
  const features = describeSymbol(drawn, { scale, others: strokes });
  const probabilities = classify(features);
  const ofType = figureTypes.map((type) => probabilities[symbolClasses.indexOf(type)]!);
  const probability = Math.max(...ofType);
  const hull = hullAround(drawn);
  return {
    type: figureTypes[ofType.indexOf(probability)]!,
    probability,
    strokes: group,
    hull,
    isFigure: ofType.reduce((sum, each) => sum + each, 0),
    area: areaOf(hull),
    covered: features[coverage]!,
  };
}

function mends(larger: Candidate, candidate: Candidate): boolean {
  return (
    larger.strokes.length > candidate.strokes.length &&
    larger.area <= mending.larger * candidate.area &&
    larger.isFigure >= (larger.covered >= candidate.covered + mending.covered ? mending.covering : mending.probable) &&
    candidate.strokes.every((index) => larger.strokes.includes(index))
  );
}

function holds(outer: Polygon, inner: Polygon): boolean {
  const { left, top, right, bottom } = boundsOf(inner);
  return contains(outer, (left + right) / 2, (top + bottom) / 2);
}
