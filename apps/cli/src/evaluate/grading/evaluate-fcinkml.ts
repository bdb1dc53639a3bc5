import {
  classifierOf,
  describeSymbol,
  figureTypes,
  fitSymbolNet,
  overlapOf,
  readFlowchart,
  scaleOf,
  symbolClasses,
  tellSymbol,
  type Flowchart,
  type SymbolClassifier,
} from '#libs/grading';
import { DatasetError } from '../datasets.js';
import { readFlowcharts, type LabelledFlowchart } from './fcinkml-flowcharts.js';
import type { EvaluateSet, Figures, WorstCase } from './grading-evaluation.js';

/** How much of a figure's strokes has to be found: to be right as a figure, and to be the end of a right arrow. */
const overlap = { figure: 0.8, end: 0.5 } as const;

/**
 * Symbols given their strokes, and whole flowcharts with a grouping of their own, told by a net that was fitted to the training
 * part and by the one that is built in, which has seen generated flowcharts only.
 *
 * A figure is right where its type is and its strokes overlap those of the truth by {@link overlap} (intersection over union). An arrow
 * is right where source, target and direction are; a figure at its end is told by half of its strokes. With
 * `strictF1`, ends have to overlap as figures do.
 */
export const evaluateFcinkml: EvaluateSet = async ({ train, test, seed }, onProgress) => {
  const learnt = (await Promise.all(train.map(readFlowcharts))).flat();
  const asked = await readFlowcharts(test);
  if (asked.length === 0) throw new DatasetError(`${test}: there is no flowchart in it.`);
  onProgress(0, 'learning');
  const classifiers: [string, SymbolClassifier][] = [['builtIn', tellSymbol]];
  if (learnt.length > 0) classifiers.unshift(['trained', classifierOf(fitSymbolNet(learnt, seed))]);
  const measured = classifiers.map(([name, classify], at) => {
    const step = (share: number): void => onProgress((at + 1 + share) / (classifiers.length + 1), name);
    return { name, ...measure(asked, classify, step) };
  });
  const [main, other] = measured as [(typeof measured)[0], (typeof measured)[0] | undefined];
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return {
    figures: { ...main.figures, ...(other !== undefined && { [other.name]: other.figures }) },
    lines: measured.map(
      ({ name, figures: { accuracy, nodes, edges } }) =>
        `${name}: ${percent(accuracy)} of the symbols told given their strokes, figures F1 ${percent(nodes.f1)}, ` +
        `arrows F1 ${percent(edges.f1)}`,
    ),
    worst: main.worst,
  };
};

interface Counts {
  right: number;
  found: number;
  asked: number;
}

function measure(
  charts: readonly LabelledFlowchart[],
  classify: SymbolClassifier,
  onStep: (share: number) => void,
): {
  figures: {
    accuracy: number;
    nodes: Figures & { f1: number };
    edges: Figures & { f1: number };
    secondsPerItem: number;
  };
  worst: WorstCase[];
} {
  const [nodes, edges, strict] = [counts(), counts(), counts()];
  const symbols = counts();
  const worst: { lost: number; worst: WorstCase }[] = [];
  let seconds = 0;
  for (const [at, chart] of charts.entries()) {
    onStep(at / charts.length);
    countSymbols(chart, classify, symbols);
    const began = performance.now();
    const read = readFlowchart(chart.strokes, classify);
    seconds += (performance.now() - began) / 1_000;
    const lostNodes = countNodes(chart, read, nodes);
    const lostEdges = countEdges(chart, read, edges, overlap.end);
    countEdges(chart, read, strict, overlap.figure);
    const lost = lostNodes + lostEdges;
    if (lost > 0) worst.push({ lost, worst: worstCase(chart, read, lostNodes, lostEdges) });
  }
  return {
    figures: {
      accuracy: symbols.right / symbols.asked,
      nodes: scores(nodes),
      edges: { ...scores(edges), strictF1: scores(strict).f1 },
      secondsPerItem: seconds / charts.length,
    },
    worst: worst
      .sort((a, b) => b.lost - a.lost)
      .slice(0, 24)
      .map((each) => each.worst),
  };
}

function counts(): Counts {
  return { right: 0, found: 0, asked: 0 };
}

function scores({ right, found, asked }: Counts): { f1: number; precision: number; recall: number } {
  const share = (of: number): number => (of === 0 ? 0 : right / of);
  return { f1: found + asked === 0 ? 0 : (2 * right) / (found + asked), precision: share(found), recall: share(asked) };
}

function countSymbols({ strokes, groups }: LabelledFlowchart, classify: SymbolClassifier, into: Counts): void {
  const scale = scaleOf(strokes);
  // that a group was put together wrongly is not among the answers here
  const answers = symbolClasses.filter((each) => each !== 'none');
  for (const { label, strokes: own } of groups) {
    const others = strokes.filter((_, index) => !own.includes(index));
    const probabilities = classify(
      describeSymbol(
        own.map((index) => strokes[index]!),
        { scale, others },
      ),
    );
    const best = answers.reduce((a, b) => (probabilityOf(probabilities, b) > probabilityOf(probabilities, a) ? b : a));
    into.asked++;
    if (best === label) into.right++;
  }
}

function probabilityOf(probabilities: ArrayLike<number>, symbol: (typeof symbolClasses)[number]): number {
  return probabilities[symbolClasses.indexOf(symbol)]!;
}

function figuresOf({ groups }: LabelledFlowchart): LabelledFlowchart['groups'] {
  return groups.filter(({ label }) => (figureTypes as readonly string[]).includes(label));
}

function countNodes(chart: LabelledFlowchart, { figures }: Flowchart, into: Counts): number {
  const asked = figuresOf(chart);
  const right = figures.filter(({ type, strokes }) =>
    asked.some((each) => each.label === type && overlapOf(each.strokes, strokes) >= overlap.figure),
  ).length;
  into.right += right;
  into.found += figures.length;
  into.asked += asked.length;
  return asked.length - right;
}

function countEdges(chart: LabelledFlowchart, { figures, arrows }: Flowchart, into: Counts, least: number): number {
  const asked = figuresOf(chart);
  const names = figures.map(({ strokes }) => asked.find((each) => overlapOf(each.strokes, strokes) >= least)?.ref);
  const left = chart.arrows.map(({ source, target }) => `${source} ${target}`);
  let right = 0;
  for (const { source, target } of arrows) {
    if (source === null || target === null) continue;
    into.found++;
    const at = left.indexOf(`${names[source]} ${names[target]}`);
    if (at < 0) continue;
    left.splice(at, 1);
    right++;
  }
  into.right += right;
  into.asked += chart.arrows.length;
  return chart.arrows.length - right;
}

function worstCase(chart: LabelledFlowchart, read: Flowchart, lostNodes: number, lostEdges: number): WorstCase {
  const places = chart.strokes.flat();
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs) - 10, Math.min(...ys) - 10];
  const moved = (points: readonly (readonly [number, number])[]): [number, number][] =>
    points.map(([x, y]) => [x - left, y - top]);
  const asked = figuresOf(chart);
  return {
    title: chart.file,
    facts: [`${lostNodes} of ${asked.length} figures lost`, `${lostEdges} of ${chart.arrows.length} arrows lost`],
    picture: null,
    width: Math.max(...xs) - left + 10,
    height: Math.max(...ys) - top + 10,
    shapes: [
      ...chart.strokes.map((points) => ({
        points: moved(points),
        closed: false,
        colour: 'neutral' as const,
        label: '',
      })),
      ...read.figures.map(({ type, strokes, hull }) => {
        const truth = asked.find((each) => overlapOf(each.strokes, strokes) >= overlap.figure);
        const colour = truth?.label === type ? ('right' as const) : ('wrong' as const);
        return { points: moved(hull), closed: true, colour, label: `read as ${type}, is ${truth?.label ?? 'none'}` };
      }),
      ...read.arrows.map(({ from, to, source, target }) => {
        const colour = source === null || target === null ? ('wrong' as const) : ('right' as const);
        return { points: moved([from, to]), closed: false, colour, label: 'arrow' };
      }),
    ],
  };
}
