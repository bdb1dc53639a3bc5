import { boundsOf, areaOf, contains, type Polygon } from '../model/geometry.js';
import { seededRng } from '#libs/kernel';
import { describeSymbol } from './describe-symbol.js';
import { drawFlowchart, planFlowchart, someHand, type DrawnFlowchart } from './draw-flowchart.js';
import { findOutlines } from './find-outlines.js';
import { lengthOf } from './ink.js';
import { applyNet, fitNet, type NetExample, type SmallNet } from './small-net.js';
import { convexHull, scaleOf } from './stroke-geometry.js';
import { figureTypes, symbolClasses, type SymbolClass, type SymbolClassifier } from './symbol-classes.js';
import { symbolWeights } from './symbol-weights.js';

/** A group of strokes that overlaps a figure's like this is the figure; a part of it with at least that much is left out of learning. */
const overlap = { same: 0.8, part: 0.5 } as const;
/** How many times larger what holds a group must be. */
const holding = 1.5;

/** Flowcharts that the net that is built in learnt from: all of them generated. */
const generated = { count: 400, seed: 'symbols' } as const;

/** Learns to tell symbols from drawings whose meaning is known. */
export function fitSymbolNet(drawings: readonly DrawnFlowchart[], seed: string): SmallNet {
  const examples = drawings.flatMap(examplesOf);
  return fitNet(examples, {
    classes: symbolClasses.length,
    hidden: 32,
    epochs: 30,
    batch: 32,
    rate: 0.003,
    decay: 0.05,
    seed,
  });
}

/** Learns from generated flowcharts; what comes out is what {@link tellSymbol} uses. */
export function fitBuiltInSymbolNet(): SmallNet {
  const rng = seededRng(generated.seed);
  const drawings = Array.from({ length: generated.count }, () => drawFlowchart(planFlowchart(rng), someHand(rng), rng));
  return fitSymbolNet(drawings, generated.seed);
}

/** A classifier by a net. */
export function classifierOf(net: SmallNet): SymbolClassifier {
  return (features) => applyNet(net, features);
}

let builtIn: SmallNet | null = null;

/** The classifier that is built in. */
export const tellSymbol: SymbolClassifier = (features) => applyNet((builtIn ??= symbolWeights()), features);

/**
 * What a drawing teaches: every group as what it is, strokes of words and the shafts of arrows by themselves as well, and the outlines that
 * `find-outlines.ts` would propose but that are none.
 */
function examplesOf({ strokes, groups }: DrawnFlowchart): NetExample[] {
  const scale = scaleOf(strokes);
  const example = (group: readonly number[], label: SymbolClass): NetExample => {
    const features = describeSymbol(
      group.map((index) => strokes[index]!),
      { scale, others: strokes },
    );
    return { features, label: symbolClasses.indexOf(label) };
  };
  const parts = groups.flatMap(({ label, strokes: own }) => {
    if (own.length < 2) return [];
    if (label === 'text') return own.slice(0, 2).map((index) => example([index], label));
    const longest = own.toSorted((a, b) => lengthOf(strokes[b]!) - lengthOf(strokes[a]!))[0]!;
    return label === 'arrow' ? [example([longest], label)] : [];
  });
  const hulls = groups
    .filter(({ label }) => (figureTypes as readonly string[]).includes(label))
    .map((group) => convexHull(group.strokes.flatMap((index) => strokes[index]!)));
  const wrong = findOutlines(strokes, scale).filter((group) => {
    const shares = groups.map((each) => overlapOf(group, each.strokes));
    const most = Math.max(...shares);
    const nearest = groups[shares.indexOf(most)]!;
    if (most >= overlap.same) return false;
    if (most >= overlap.part && group.every((index) => nearest.strokes.includes(index))) return false;
    const hull = convexHull(group.flatMap((index) => strokes[index]!));
    return !hulls.some((outer) => areaOf(outer) > holding * areaOf(hull) && holdsMiddle(outer, hull));
  });
  return [
    ...groups.map(({ label, strokes: own }) => example(own, label)),
    ...parts,
    ...wrong.map((group) => example(group, 'none')),
  ];
}

/** Intersection over union of two sets of strokes. */
export function overlapOf(one: readonly number[], other: readonly number[]): number {
  const shared = one.filter((index) => other.includes(index)).length;
  return shared / (one.length + other.length - shared);
}

function holdsMiddle(outer: Polygon, inner: Polygon): boolean {
  const { left, top, right, bottom } = boundsOf(inner);
  return contains(outer, (left + right) / 2, (top + bottom) / 2);
}
