import type { Rng } from '#libs/kernel';
import { drawFlowchart, someHand, type Hand, type PlannedArrow, type PlannedFigure } from '../../ink/draw-flowchart.js';
import type { Mark } from '../../model/marks.js';

/** A diagram as somebody might draw it: figures and arrows with the labels that are typed beside them. */
export interface DiagramSketch {
  readonly figures: readonly (Omit<PlannedFigure, 'isWritten'> & { readonly label: string })[];
  readonly arrows: readonly (Omit<PlannedArrow, 'isLabelled'> & { readonly label: string })[];
}

/** A hand whose lines meet and whose arrows arrive, as a generated set needs where the score has to be exact. */
export function neatHand(rng: Rng): Hand {
  return {
    ...someHand(rng),
    wobble: 0.8,
    slip: 0.015,
    distance: 5,
    spacing: 8,
    headSize: 16,
    head: rng() < 0.5 ? 'vee' : 'barbs',
  };
}

/** Draws a diagram as marks: a stroke each, and a point for every label, in the figure or beside the first part of its arrow. */
export function marksOf({ figures, arrows }: DiagramSketch, hand: Hand, rng: Rng): Mark[] {
  const plan = {
    figures: figures.map((figure) => ({ ...figure, isWritten: false })),
    arrows: arrows.map((arrow) => ({ ...arrow, isLabelled: false })),
  };
  const drawn = drawFlowchart(plan, hand, rng);
  const strokes = drawn.strokes.map((points, at): Mark => {
    return { id: `s${at}`, label: '', shape: { kind: 'stroke', points: points.map(([x, y]) => [x, y]) } };
  });
  const point = (id: string, label: string, x: number, y: number): Mark[] =>
    label === '' ? [] : [{ id, label, shape: { kind: 'point', x, y } }];
  return [
    ...strokes,
    ...figures.flatMap(({ id, label, x, y }) => point(`l-${id}`, label, x, y)),
    ...arrows.flatMap(({ id, label, way }) => {
      const [[ax, ay], [bx, by]] = way as [readonly [number, number], readonly [number, number]];
      return point(`l-${id}`, label, ax + 0.4 * (bx - ax) + 8, ay + 0.4 * (by - ay) - 8);
    }),
  ];
}
