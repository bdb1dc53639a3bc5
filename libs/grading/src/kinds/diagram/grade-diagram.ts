import { gradedByRules } from '../graded-by-rules.js';
import { tellSymbol } from '../../ink/symbol-net.js';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionHint, CriterionScore, ErrorCode, ExtraMark, GradingResult } from '../../model/grading-result.js';
import { cornersOf, isWrittenShape, type Marks } from '../../model/marks.js';
import { isWritten } from '../../model/written-marks.js';
import { labelReader, type Reading } from '../labelled-parts/read-label.js';
import type { Diagram } from './diagram.js';
import { matchGraphs } from './match-graphs.js';
import { readDiagram, type DrawnDiagram, type DrawnEdge, type Writing } from './read-diagram.js';
import { toldDiagram } from './told-diagram.js';

/** Shares of a criterion's points; where several things are wrong with one, they are multiplied. */
const credits = {
  wrongType: 0.5,
  reversed: 0.5,
  unlabelled: 0.5,
  wrongLabel: 0.5,
  misspelt: 0.75,
  dangling: 0.25,
} as const;

/** How sure each finding is: weights of the rules, lower where a person may well see it otherwise. */
const confidences = {
  right: 0.98,
  wrongType: 0.9,
  reversed: 0.95,
  /** A direction that no head tells. */
  undirected: 0.6,
  unlabelled: 0.9,
  wrongLabel: 0.85,
  misspelt: 0.85,
  /** Words in ink, which nobody has read. */
  ink: 0.5,
  contended: 0.7,
  dangling: 0.85,
  missing: 0.95,
  /** Something is missing, and something was drawn that was not made out. */
  perhapsUnread: 0.6,
  blankOrOffTopic: 0.2,
} as const;

/** Work that earns less than this share is about something else. */
const offTopicBelow = 0.2;

/** One thing that is wrong, or not certain, with something that was found. */
interface Fault {
  readonly credit: number;
  readonly error: ErrorCode | null;
  readonly confidence: number;
  readonly hint: CriterionHint | null;
}

/**
 * Grades a diagram that was drawn.
 *
 * 1. Figures, arrows and labels are read off the marks (see `read-diagram.ts`); what is told in words is read as it stands.
 * 2. The drawn figures are given to those asked for so that all criteria together earn the most that any reading allows, arrows
 *    counted in (see `match-graphs.ts`). Where on the canvas something stands means nothing, nor does the order of the marks.
 * 3. A figure of another type, an arrow the other way round, and words that lack or are others cost a share of the criterion. Words
 *    in ink are not read: they cost nothing, but leave the criterion to a teacher.
 * 4. An arrow that was not found is `dangling` where one leaves its figure and leads nowhere, else `missing`. An arrow too many
 *    explains one that is missing from the same figure; else it contends with one that is right there: a criterion with k
 *    contenders keeps 1 / (k + 1) of its credit, so that joining everything with everything does not pay.
 *
 * Nothing drawn is `blank`; work that earns next to nothing is `off-topic`. Both score what they earn with low confidence, for a
 * person to see.
 */
export function gradeDiagram(specification: Diagram, marks: Marks): GradingResult {
  const drawn = isWritten(marks) ? toldDiagram(marks) : readDiagram(marks, tellSymbol);
  const isBlank = marks.every(({ shape, label }) => shape.kind !== 'stroke' && !isWrittenShape(shape) && label === '');
  return gradeDrawn(specification, drawn, {
    name: 'diagram',
    isBlank,
    most: confidences.right,
  });
}

/** How a diagram was read. */
interface HowRead {
  /** Of the grader, by which its audits are told from those of others. */
  readonly name: string;
  readonly isBlank: boolean;
  /** The confidence in whatever was read at most. */
  readonly most: number;
}

/** Grades a diagram that was read: see {@link gradeDiagram}, from its second step on. */
export function gradeDrawn(
  specification: Diagram,
  drawn: DrawnDiagram,
  { name, isBlank, most }: HowRead,
): GradingResult {
  const work = new Work(specification, drawn);
  const criteria = [
    ...specification.nodes.map((_, node) => work.scoreOfNode(node)),
    ...specification.edges.map((_, edge) => work.scoreOfEdge(edge)),
  ];
  const maximum = criteria.reduce((sum, { points }) => sum + points, 0);
  const total = round(criteria.reduce((sum, { awarded }) => sum + awarded, 0));
  const flags = isBlank ? (['blank'] as const) : total < offTopicBelow * maximum ? (['off-topic'] as const) : [];
  const sure = flags.length === 0 ? most : Math.min(most, confidences.blankOrOffTopic);
  const scored = criteria.map((each) => ({ ...each, confidence: Math.min(each.confidence, sure) }));
  return gradedByRules(name, scored, { extras: work.extras(), flags });
}

/** Everything found out about one diagram. */
class Work {
  private readonly readNode: (label: string) => Reading;
  private readonly readEdge: (label: string) => Reading;
  /** Numbers among those of `parts` of a reading: only what has a label is one. */
  private readonly nodeParts: readonly number[];
  private readonly edgeParts: readonly number[];
  /** By node and by edge that is asked for: the drawn one. */
  private readonly nodes: readonly (number | null)[];
  private readonly edges: readonly (number | null)[];
  private readonly contending: number[][];
  /** By edge that was not found: the drawn one that explains it. */
  private readonly instead = new Map<number, number>();
  private readonly used = new Set<number>();

  constructor(
    private readonly specification: Diagram,
    private readonly drawn: DrawnDiagram,
  ) {
    const { nodes, edges } = specification;
    [this.readNode, this.nodeParts] = readerFor(nodes);
    [this.readEdge, this.edgeParts] = readerFor(edges);
    this.nodes = this.matchNodes();
    this.edges = edges.map(({ source, target }, edge) => {
      const [from, to] = [this.drawnOf(source), this.drawnOf(target)];
      return from === null || to === null ? null : this.bestBetween(edge, from, to);
    });
    for (const edge of this.edges) if (edge !== null) this.used.add(edge);
    this.contending = edges.map(() => []);
    this.explainDangling();
    this.explainExtra();
  }

  scoreOfNode(node: number): CriterionScore {
    const asked = this.specification.nodes[node]!;
    const label = asked.label ?? asked.type;
    const at = this.nodes[node]!;
    if (at === null) return this.missing(asked, label);
    const figure = this.drawn.nodes[at]!;
    const faults = this.faultsOfNode(node, at, label);
    return this.found(asked, label, faults, { ...figure, sure: figure.probability });
  }

  scoreOfEdge(edge: number): CriterionScore {
    const asked = this.specification.edges[edge]!;
    const label = this.nameOfEdge(edge);
    const at = this.edges[edge]!;
    const other = this.instead.get(edge);
    if (at !== null) {
      const faults = this.faultsOfEdge(edge, at, label);
      const contenders = this.contending[edge]!.map((each) => this.drawn.edges[each]!);
      if (contenders.length > 0) {
        const hint: CriterionHint = { key: 'once', parameters: { label, times: contenders.length + 1 } };
        const credit = 1 / (contenders.length + 1);
        faults.unshift({ credit, error: 'extra', confidence: confidences.contended, hint });
      }
      const { markIds, region } = this.drawn.edges[at]!;
      return this.found(asked, label, faults, {
        markIds: [...markIds, ...contenders.flatMap((each) => each.markIds)],
        region: contenders[0]?.region ?? region,
        sure: this.drawn.edges[at]!.probability,
      });
    }
    if (other === undefined) return this.missing(asked, label);
    const { markIds, region, source, target, probability } = this.drawn.edges[other]!;
    const isDangling = source === null || target === null;
    const evidence = { markIds, region, sure: probability };
    const hint: CriterionHint = { key: isDangling ? 'dangling' : 'orient', parameters: { label } };
    const fault: Fault = isDangling
      ? { credit: credits.dangling, error: 'dangling', confidence: confidences.dangling, hint }
      : { credit: 0, error: 'missing', confidence: confidences.missing, hint };
    return this.found(asked, label, [fault], evidence);
  }

  /** Figures and arrows that were not asked for, and labels that belong to nothing; by the first mark of each. */
  extras(): ExtraMark[] {
    const { nodes, edges, loose } = this.drawn;
    const written = ({ writing }: { readonly writing: Writing }): string =>
      writing.kind === 'typed' ? writing.text : '';
    const drawn = [
      ...nodes.filter((_, node) => !this.nodes.includes(node)),
      ...edges.filter((_, edge) => !this.used.has(edge)),
    ].map((each) => ({ markId: each.markIds[0] ?? '', label: written(each), region: each.region }));
    const labels = loose
      .filter(({ shape }) => shape.kind !== 'stroke')
      .map(({ id, label, shape }) => ({ markId: id, label, region: cornersOf(shape) }));
    return [...drawn, ...labels];
  }

  private matchNodes(): readonly (number | null)[] {
    const { nodes, edges } = this.specification;
    const { nodes: given } = this.drawn;
    const numbers = new Map(nodes.map(({ id }, node) => [id, node]));
    const worths = nodes.map(({ points }, node) =>
      given.map((_, at) => points * creditOf(this.faultsOfNode(node, at, ''))),
    );
    const { nodes: matched } = matchGraphs({
      nodes: worths,
      given: given.length,
      edges: edges.map(({ source, target, points }, edge) => ({
        source: numbers.get(source)!,
        target: numbers.get(target)!,
        worth: (from, to) => {
          const at = this.bestBetween(edge, from, to);
          return at === null ? 0 : points * creditOf(this.faultsOfEdge(edge, at, '', { from }));
        },
      })),
    });
    // a figure that has nothing in common with what is asked for is no attempt at it
    return matched.map((at, node) => (at === null || this.isNothingLike(node, at, matched) ? null : at));
  }

  private isNothingLike(node: number, at: number, matched: readonly (number | null)[]): boolean {
    const faults = this.faultsOfNode(node, at, '');
    const errors = faults.map(({ error }) => error);
    if (!errors.includes('wrong-type') || !errors.includes('right-place-wrong-name')) return false;
    const { nodes, edges } = this.specification;
    const place = (id: string): number | null => matched[nodes.findIndex((each) => each.id === id)]!;
    const { id } = nodes[node]!;
    return !edges.some(({ source, target }, edge) => {
      if (source !== id && target !== id) return false;
      const [from, to] = [place(source), place(target)];
      return from !== null && to !== null && this.bestBetween(edge, from, to) !== null;
    });
  }

  private faultsOfNode(node: number, at: number, label: string): Fault[] {
    const { type } = this.specification.nodes[node]!;
    const figure = this.drawn.nodes[at]!;
    const faults: Fault[] = [];
    if (this.specification.counts.types && figure.type !== type) {
      const hint: CriterionHint = { key: 'wrong-type', parameters: { label, drawn: figure.type } };
      faults.push({ credit: credits.wrongType, error: 'wrong-type', confidence: confidences.wrongType, hint });
    }
    faults.push(...this.faultsOfWriting(figure.writing, label, this.readNode, this.nodeParts.indexOf(node)));
    return faults;
  }

  private faultsOfEdge(
    edge: number,
    at: number,
    label: string,
    ends = { from: this.drawnOf(this.specification.edges[edge]!.source) },
  ): Fault[] {
    const arrow = this.drawn.edges[at]!;
    const faults: Fault[] = [];
    if (this.specification.counts.directions) {
      const isReversed = arrow.source !== ends.from;
      const isTold = arrow.directed >= 0.3;
      const confidence = isTold ? confidences.reversed : confidences.undirected;
      const hint: CriterionHint = { key: 'reversed', parameters: { label } };
      if (isReversed) faults.push({ credit: credits.reversed, error: 'reversed', confidence, hint });
      else if (!isTold) faults.push({ credit: 1, error: null, confidence, hint: null });
    }
    faults.push(...this.faultsOfWriting(arrow.writing, label, this.readEdge, this.edgeParts.indexOf(edge)));
    return faults;
  }

  /** @param part number of what should be written among the terms of the reader; −1 where nothing has to be */
  private faultsOfWriting(writing: Writing, label: string, read: (label: string) => Reading, part: number): Fault[] {
    if (part < 0 || !this.specification.counts.labels) return [];
    if (writing.kind === 'ink') return [{ credit: 1, error: null, confidence: confidences.ink, hint: null }];
    if (writing.kind === 'none') {
      const hint: CriterionHint = { key: 'unlabelled', parameters: { label } };
      return [{ credit: credits.unlabelled, error: 'unlabelled', confidence: confidences.unlabelled, hint }];
    }
    const parameters = { label, written: writing.text };
    switch (read(writing.text).parts.get(part)) {
      case 'exact':
        return [];
      case 'misspelt': {
        const hint: CriterionHint = { key: 'spelling', parameters };
        return [{ credit: credits.misspelt, error: 'misspelt', confidence: confidences.misspelt, hint }];
      }
      case undefined: {
        const hint: CriterionHint = { key: 'point', parameters };
        const fault = { credit: credits.wrongLabel, confidence: confidences.wrongLabel, hint };
        return [{ ...fault, error: 'right-place-wrong-name' }];
      }
    }
  }

  /** The drawn arrow between two drawn figures that earns most, either way round; null where there is none. */
  private bestBetween(edge: number, from: number, to: number): number | null {
    let best: { readonly at: number; readonly credit: number } | null = null;
    for (const [at, { source, target }] of this.drawn.edges.entries()) {
      const joins = (source === from && target === to) || (source === to && target === from);
      if (!joins) continue;
      const credit = creditOf(this.faultsOfEdge(edge, at, '', { from }));
      if (credit > (best?.credit ?? 0)) best = { at, credit };
    }
    return best?.at ?? null;
  }

  private explainDangling(): void {
    this.explain(({ source, target }, from, to) => {
      if (source === null || target === null) return (source ?? target) === from || (source ?? target) === to;
      return false;
    });
  }

  private explainExtra(): void {
    this.explain(
      ({ source, target }, from, to) => (source !== null && source === from) || (target !== null && target === to),
    );
    for (const [at, { source, target }] of this.drawn.edges.entries()) {
      if (this.used.has(at) || source === null || target === null) continue;
      const near = this.edges.flatMap((found, edge) => {
        const own = found === null ? null : this.drawn.edges[found]!;
        return own !== null && [own.source, own.target].some((end) => end === source || end === target) ? [edge] : [];
      });
      const [least] = near.sort((a, b) => this.contending[a]!.length - this.contending[b]!.length);
      if (least === undefined) continue;
      this.contending[least]!.push(at);
      this.used.add(at);
    }
  }

  private explain(explains: (arrow: DrawnEdge, from: number | null, to: number | null) => boolean): void {
    for (const [edge, { source, target }] of this.specification.edges.entries()) {
      if (this.edges[edge] !== null || this.instead.has(edge)) continue;
      const [from, to] = [this.drawnOf(source), this.drawnOf(target)];
      const at = this.drawn.edges.findIndex((arrow, each) => !this.used.has(each) && explains(arrow, from, to));
      if (at < 0) continue;
      this.instead.set(edge, at);
      this.used.add(at);
    }
  }

  private drawnOf(id: string): number | null {
    return this.nodes[this.specification.nodes.findIndex((node) => node.id === id)]!;
  }

  private nameOfEdge(edge: number): string {
    const { source, target } = this.specification.edges[edge]!;
    const [from, to] = [source, target].map((id) => this.specification.nodes.find((node) => node.id === id)!);
    return `${from!.label ?? from!.id} → ${to!.label ?? to!.id}`;
  }

  private missing({ id, points, skill }: Criterion, label: string): CriterionScore {
    const isUnread = this.drawn.loose.some(({ shape }) => shape.kind === 'stroke');
    return {
      criterionId: id,
      label,
      points,
      awarded: 0,
      confidence: isUnread ? confidences.perhapsUnread : confidences.missing,
      error: 'missing',
      evidence: { markIds: [], regions: [] },
      hint: { key: 'orient', parameters: { label } },
      skill,
    };
  }

  /** The first error tells most, the surest confidence is the lowest. */
  private found(
    { id, points, skill }: Criterion,
    label: string,
    faults: readonly Fault[],
    evidence: { readonly markIds: readonly string[]; readonly region: Polygon; readonly sure: number },
  ): CriterionScore {
    const told = faults.find(({ error }) => error !== null);
    return {
      criterionId: id,
      label,
      points,
      awarded: round(points * creditOf(faults)),
      confidence: Math.min(confidences.right, evidence.sure, ...faults.map(({ confidence }) => confidence)),
      error: told?.error ?? null,
      evidence: {
        markIds: evidence.markIds,
        regions: told === undefined || evidence.region.length === 0 ? [] : [evidence.region],
      },
      hint: told?.hint ?? null,
      skill,
    };
  }
}

interface Criterion {
  readonly id: string;
  readonly points: number;
  readonly skill: string;
}

/** A reader of the labels of some criteria, and by its parts the criteria that have one. */
function readerFor(
  criteria: readonly { readonly label?: string | undefined; readonly synonyms: readonly string[] }[],
): [(label: string) => Reading, number[]] {
  const numbers = criteria.flatMap(({ label }, at) => (label === undefined ? [] : [at]));
  const parts = numbers.map((at) => ({ label: criteria[at]!.label!, synonyms: criteria[at]!.synonyms }));
  return [labelReader({ parts, confusable: [] }), numbers];
}

function creditOf(faults: readonly Fault[]): number {
  return faults.reduce((product, { credit }) => product * credit, 1);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
