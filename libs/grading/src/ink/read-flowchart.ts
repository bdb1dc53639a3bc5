import { boundsOf, contains, type Polygon } from '../model/geometry.js';
import { findFigures, type Figure } from './find-figures.js';
import type { Stroke } from './ink.js';
import { densify, diagonalOf, scaleOf } from './stroke-geometry.js';
import type { SymbolClassifier } from './symbol-classes.js';
import { traceArrows, type Arrow } from './trace-arrows.js';

/** A flowchart as it was drawn: its figures, its arrows between them, and the strokes that are writing. */
export interface Flowchart {
  readonly figures: readonly Figure[];
  readonly arrows: readonly Arrow[];
  /** By figure: the strokes written inside. */
  readonly inside: readonly (readonly number[])[];
  /** Strokes outside of all figures that belong to no arrow. */
  readonly beside: readonly number[];
  /** See {@link scaleOf}. */
  readonly scale: number;
}

/** Arrows are measured by the figures, but for figures that are small beside all that was drawn. */
const leastOfScale = 0.7;
/** The share of a stroke that has to lie inside a figure for it to be written there. */
const mostlyInside = 0.5;

/**
 * Reads a flowchart off its strokes, wherever on the canvas and however large it is. The order of the strokes
 * means nothing, but for groups that are alike in everything else.
 */
export function readFlowchart(strokes: readonly Stroke[], classify: SymbolClassifier): Flowchart {
  const scale = scaleOf(strokes);
  const found = findFigures(strokes, scale, classify);
  const inFigures = new Set(found.flatMap((figure) => figure.strokes));
  const inside = found.map((): number[] => []);
  const outside: number[] = [];
  for (const [index, stroke] of strokes.entries()) {
    if (inFigures.has(index)) continue;
    const figure = found.findIndex(({ hull }) => shareInside(stroke, hull) >= mostlyInside);
    (inside[figure] ?? outside).push(index);
  }
  const arrows = traceArrows(strokes, outside, found, {
    scale,
    figureScale: Math.max(scaleOfFigures(found), leastOfScale * scale),
    classify,
  });
  const inArrows = new Set(arrows.flatMap(({ shaft, head }) => [...shaft, ...head]));
  return { figures: found, arrows, inside, beside: outside.filter((index) => !inArrows.has(index)), scale };
}

/** Seven tenths of the median diagonal of the figures, in pixels; 0 where there is none. */
function scaleOfFigures(figures: readonly Figure[]): number {
  const diagonals = figures.map(({ hull }) => diagonalOf(boundsOf(hull))).sort((a, b) => a - b);
  return diagonals.length === 0 ? 0 : 0.7 * diagonals[Math.floor(diagonals.length / 2)]!;
}

function shareInside(stroke: Stroke, hull: Polygon): number {
  const { left, top, right, bottom } = boundsOf(hull);
  if (!stroke.some(([x, y]) => x >= left && x <= right && y >= top && y <= bottom)) return 0;
  const dense = densify(stroke, Math.max(diagonalOf(boundsOf(hull)) / 50, 1e-6));
  return dense.filter(([x, y]) => contains(hull, x, y)).length / dense.length;
}
