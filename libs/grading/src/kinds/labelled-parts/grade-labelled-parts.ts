import { gradedByRules } from '../graded-by-rules.js';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionHint, CriterionScore, ErrorCode, ExtraMark, GradingResult } from '../../model/grading-result.js';
import { foldLabel, formsOf } from './label-text.js';
import { termsOf, type LabelledParts } from './labelled-parts.js';
import { cornersOf, type Mark, type Marks } from '../../model/marks.js';
import { matchMarks } from '../../model/match-marks.js';
import { markPlacer, type Placement } from './place-mark.js';
import { labelReader, type Reading } from './read-label.js';

/** Shares of a part's points. The smaller one counts when a mark is both beside its part and misspelt, times the other. */
const credits = { inside: 1, near: 0.5, exact: 1, misspelt: 0.75 } as const;

/** How sure each finding is: weights of the rules, lower where a person may well see it otherwise. */
const confidences = {
  right: 0.98,
  onTheEdge: 0.85,
  misspelt: 0.85,
  /** Misspelt so that it could be another part's name as well. */
  ambiguous: 0.5,
  nearMiss: 0.7,
  contended: 0.6,
  swapped: 0.95,
  wrongPlace: 0.9,
  wrongName: 0.9,
  /** A name that is not known at all: maybe a synonym that the key lacks. */
  unknownName: 0.6,
  missing: 0.95,
  blankOrOffTopic: 0.2,
} as const;

/**
 * Grades the labels on a picture.
 *
 * 1. Every label is read (see `read-label.ts`) and every mark placed (see `place-mark.ts`). A mark is worth to a part
 *    points × place (inside 1, near ½) × name (as written 1, misspelt ¾).
 * 2. Marks are given to parts one to one so that the sum is the largest that any reading of the work allows
 *    (Hungarian method). So the order of the marks means nothing, and no label is lost to a greedy choice.
 * 3. What is left explains what was lost: two names in each other's place are `swapped`; the name elsewhere is
 *    `right-name-wrong-place`; another name in the place is `right-place-wrong-name`; else the part is `missing`.
 *    None of these earns anything.
 * 4. A mark that still explains nothing contends for a part if it puts that part's name elsewhere, or another name in
 *    its place. A part with k contenders keeps 1 / (k + 1) of its credit, what picking one of them blindly would
 *    earn, with the error `extra`: labelling everything with everything does not pay. More marks that name a part in
 *    its place do no harm.
 *
 * `total` is the sum over the parts. Nothing labelled is `blank`, labels of which none is any known term are
 * `off-topic`: both score 0 with low confidence, for a person to see.
 */
export function gradeLabelledParts(specification: LabelledParts, marks: Marks): GradingResult {
  const { criteria, extras, flags } = gradeMarks(specification, marks, onTemplate(specification));
  return gradedByRules('labelled-parts', criteria, { extras, flags });
}

/** How evidence is shown: on the picture itself, or on a photo of it. */
export interface Showing {
  /** Around a mark. */
  readonly outlineOf: (mark: Mark) => Polygon;
  /** Around a region of the picture. */
  readonly regionOf: (region: Polygon) => Polygon;
  /** Whether marks that are right are shown as well: where the learner has not put them there herself, they say what was read. */
  readonly marksOfRight: boolean;
}

/** The rules of {@link gradeLabelledParts}, with evidence as it is to be shown. */
export function gradeMarks(
  specification: LabelledParts,
  marks: Marks,
  showing: Showing,
): Pick<GradingResult, 'criteria' | 'extras' | 'flags'> {
  const work = new Work(specification, marks, showing);
  const criteria = specification.parts.map((_, part) => work.scoreOf(part));
  const flags = work.flags();
  const sure = flags.length === 0 ? 1 : confidences.blankOrOffTopic;
  const scored = criteria.map((each) => ({ ...each, confidence: Math.min(each.confidence, sure) }));
  return { criteria: scored, extras: work.extras(), flags };
}

/** On the picture itself: a point is shown as an octagon with the tolerance around it, 4 pixels at least, a place as its part. */
function onTemplate({ image, tolerance, parts }: LabelledParts): Showing {
  const radius = Math.max(4, tolerance * Math.hypot(image.width, image.height));
  return {
    outlineOf: ({ shape }) => {
      if (shape.kind === 'place') return parts.find(({ place }) => place === shape.place)?.polygons[0] ?? [];
      return shape.kind === 'point' ? octagon(shape.x, shape.y, radius) : cornersOf(shape);
    },
    regionOf: (region) => region,
    marksOfRight: false,
  };
}

function octagon(x: number, y: number, radius: number): Polygon {
  return Array.from({ length: 8 }, (_, corner) => {
    const angle = ((2 * corner + 1) * Math.PI) / 8;
    return [round(x + radius * Math.cos(angle)), round(y + radius * Math.sin(angle))] as const;
  });
}

/** A mark as it was read and placed. */
interface ReadMark {
  readonly mark: Mark;
  readonly reading: Reading;
  readonly placement: Placement;
  /** Part that it lies in, best fit first; null for one that lies in none. */
  readonly home: number | null;
  /** Tells marks apart and puts them in an order. */
  readonly key: string;
}

/** Everything found out about one piece of work. Marks are in an order of their own, whatever order they came in. */
class Work {
  private readonly marks: readonly ReadMark[];
  /** By part: the mark that earns its points. */
  private readonly matched: readonly (number | null)[];
  /** By part: more marks that say the same. */
  private readonly supporting: number[][];
  /** By part: marks that contradict the matched one. */
  private readonly contending: number[][];
  /** By unmatched part: what explains the loss. */
  private readonly explained = new Map<number, { error: ErrorCode; marks: number[]; other: number | null }>();
  private readonly used = new Set<number>();

  constructor(
    private readonly specification: LabelledParts,
    marks: Marks,
    private readonly showing: Showing,
  ) {
    const read = labelReader(specification);
    const place = markPlacer(specification);
    this.marks = marks
      .map((mark) => readMark(mark, read(mark.label), place(mark.shape)))
      .sort((a, b) => compare(a.key, b.key));
    this.matched = this.match();
    this.supporting = specification.parts.map(() => []);
    this.contending = specification.parts.map(() => []);
    this.support();
    this.explainSwaps();
    this.explainNames();
    this.explainPlaces();
    this.contend();
  }

  scoreOf(part: number): CriterionScore {
    const { id, label, points, skill } = this.specification.parts[part]!;
    const finding = this.matched[part] === null ? this.lost(part) : this.earned(part, this.matched[part]!);
    return {
      criterionId: id,
      label,
      points,
      awarded: Math.round(points * finding.credit * 1e4) / 1e4,
      confidence: finding.confidence,
      error: finding.error,
      evidence: { markIds: finding.marks.map((mark) => this.marks[mark]!.mark.id), regions: finding.regions },
      hint: finding.hint,
      skill,
    };
  }

  extras(): ExtraMark[] {
    return this.marks
      .filter((_, mark) => !this.used.has(mark))
      .map(({ mark }) => ({ markId: mark.id, label: mark.label, region: this.showing.outlineOf(mark) }));
  }

  flags(): ('blank' | 'off-topic')[] {
    if (this.marks.every(({ reading }) => reading.folded === '')) return ['blank'];
    return this.marks.some(({ reading }) => reading.known) ? [] : ['off-topic'];
  }

  private match(): (number | null)[] {
    const { parts } = this.specification;
    const matches = matchMarks(parts.length, this.marks.length, (part, mark) => {
      const credit = this.credit(part, mark);
      // among equal scores the better fit, by less than any difference in points
      return credit === 0 ? 0 : parts[part]!.points * (credit + 1e-6 * this.marks[mark]!.placement.at[part]!.fit);
    });
    const matched = parts.map((): number | null => null);
    for (const { part, mark } of matches) {
      matched[part] = mark;
      this.used.add(mark);
    }
    return matched;
  }

  private credit(part: number, mark: number): number {
    const name = this.marks[mark]!.reading.parts.get(part);
    const { place } = this.marks[mark]!.placement.at[part]!;
    return name === undefined || place === 'outside' ? 0 : credits[place] * credits[name];
  }

  private names(mark: number, part: number): boolean {
    return this.marks[mark]!.reading.parts.has(part);
  }

  private isAt(mark: number, part: number): boolean {
    return this.marks[mark]!.placement.at[part]!.place === 'inside';
  }

  private *free(): Generator<number> {
    for (let mark = 0; mark < this.marks.length; mark++) if (!this.used.has(mark)) yield mark;
  }

  private *lostParts(): Generator<number> {
    for (let part = 0; part < this.matched.length; part++) {
      if (this.matched[part] === null && !this.explained.has(part)) yield part;
    }
  }

  /** A mark beside the part, but on the ground of another, is no support. */
  private support(): void {
    for (const mark of this.free()) {
      const { home } = this.marks[mark]!;
      const part = this.matched.findIndex(
        (matched, each) => matched !== null && this.credit(each, mark) > 0 && (this.isAt(mark, each) || home === null),
      );
      if (part < 0) continue;
      this.supporting[part]!.push(mark);
      this.used.add(mark);
    }
  }

  private explainSwaps(): void {
    for (const one of this.lostParts()) {
      const swap = this.findSwap(one);
      if (swap === null) continue;
      this.explain(one, 'swapped', [swap.there, swap.here], swap.other);
      this.explain(swap.other, 'swapped', [swap.here, swap.there], one);
    }
  }

  private findSwap(one: number): { other: number; there: number; here: number } | null {
    const here = [...this.free()].filter((mark) => this.isAt(mark, one));
    const there = [...this.free()].filter((mark) => this.names(mark, one));
    for (const away of there) {
      for (const other of this.lostParts()) {
        if (other === one || !this.isAt(away, other)) continue;
        const back = here.find((mark) => mark !== away && this.names(mark, other));
        if (back !== undefined) return { other, there: away, here: back };
      }
    }
    return null;
  }

  private explainNames(): void {
    for (const part of this.lostParts()) {
      const naming = [...this.free()].filter((mark) => this.names(mark, part));
      if (naming.length > 0) this.explain(part, 'right-name-wrong-place', naming, this.marks[naming[0]!]!.home);
    }
  }

  /** One mark may tell both why the part that it names and why the part that it lies in went without. */
  private explainPlaces(): void {
    const taken = new Set(this.matched.concat(this.supporting.flat()));
    for (const part of this.lostParts()) {
      const here = this.marks.flatMap((_, mark) => (this.isAt(mark, part) && !taken.has(mark) ? [mark] : []));
      const best = here.find((mark) => !this.used.has(mark)) ?? here[0];
      if (best !== undefined) this.explain(part, 'right-place-wrong-name', [best], null);
    }
  }

  private explain(part: number, error: ErrorCode, marks: number[], other: number | null): void {
    this.explained.set(part, { error, marks, other });
    for (const mark of marks) this.used.add(mark);
  }

  private contend(): void {
    for (const mark of this.free()) {
      const { reading, home } = this.marks[mark]!;
      if (reading.folded === '') continue;
      const named = [...reading.parts.keys()].find((part) => this.matched[part] !== null);
      const part = named ?? home;
      if (part !== null && this.matched[part] !== null) this.contending[part]!.push(mark);
    }
  }

  private earned(part: number, mark: number): Finding {
    const { reading, placement } = this.marks[mark]!;
    const { label } = this.specification.parts[part]!;
    const marks = [mark, ...this.supporting[part]!];
    const contenders = this.contending[part]!;
    const credit = this.credit(part, mark) / (contenders.length + 1);
    if (contenders.length > 0) {
      return {
        credit,
        error: 'extra',
        confidence: confidences.contended,
        marks: [...marks, ...contenders],
        regions: contenders.map((each) => this.outlineOf(each)),
        hint: { key: 'once', parameters: { label, times: contenders.length + 1 } },
      };
    }
    if (placement.at[part]!.place === 'near') {
      const hint: CriterionHint = { key: 'closer', parameters: { label } };
      const regions = this.regionsOf(part);
      return { credit, error: 'near-miss', confidence: confidences.nearMiss, marks, regions, hint };
    }
    if (reading.parts.get(part) === 'misspelt') {
      const hint: CriterionHint = { key: 'spelling', parameters: { label, written: this.marks[mark]!.mark.label } };
      const confidence = reading.parts.size > 1 ? confidences.ambiguous : confidences.misspelt;
      return { credit, error: 'misspelt', confidence, marks, regions: [this.outlineOf(mark)], hint };
    }
    const confidence = placement.onTheEdge ? confidences.onTheEdge : confidences.right;
    const regions = this.showing.marksOfRight ? marks.map((each) => this.outlineOf(each)) : [];
    return { credit, error: null, confidence, marks, regions, hint: null };
  }

  private lost(part: number): Finding {
    const { label } = this.specification.parts[part]!;
    const found = this.explained.get(part);
    if (found === undefined) {
      const hint: CriterionHint = { key: 'orient', parameters: { label } };
      const regions = this.regionsOf(part);
      return { credit: 0, error: 'missing', confidence: confidences.missing, marks: [], regions, hint };
    }
    const { error, marks, other } = found;
    const first = this.marks[marks[0]!]!;
    const otherLabel = other === null ? '' : this.specification.parts[other]!.label;
    const base = { credit: 0, error, marks };
    if (error === 'swapped') {
      const parameters = { label, other: otherLabel, ...this.lineFor(part, otherLabel) };
      const hint: CriterionHint = { key: 'swap', parameters };
      return { ...base, confidence: confidences.swapped, regions: [this.outlineOf(marks[0]!)], hint };
    }
    const regions = marks.map((mark) => this.outlineOf(mark));
    if (error === 'right-name-wrong-place') {
      const hint: CriterionHint = { key: 'orient', parameters: { label, other: otherLabel } };
      return { ...base, confidence: confidences.wrongPlace, regions, hint };
    }
    const confidence = first.reading.known ? confidences.wrongName : confidences.unknownName;
    const parameters = { label, written: first.mark.label, ...this.lineFor(part, first.mark.label) };
    return { ...base, confidence, regions, hint: { key: 'point', parameters } };
  }

  /** What the teacher says to who takes a part for what was written. */
  private lineFor(part: number, written: string): { message?: string } {
    const { label, synonyms } = this.specification.parts[part]!;
    const own = new Set([label, ...synonyms].flatMap((name) => formsOf(foldLabel(name))));
    const other = new Set(formsOf(foldLabel(written)));
    const isOf = (forms: ReadonlySet<string>, term: string): boolean =>
      formsOf(foldLabel(term)).some((form) => forms.has(form));
    for (const pairing of this.specification.confusable) {
      const [a, b] = termsOf(pairing);
      const isIt = (isOf(own, a) && isOf(other, b)) || (isOf(own, b) && isOf(other, a));
      if (isIt && !Array.isArray(pairing)) return { message: pairing.message };
    }
    return {};
  }

  private regionsOf(part: number): Polygon[] {
    return this.specification.parts[part]!.polygons.map(this.showing.regionOf);
  }

  private outlineOf(mark: number): Polygon {
    return this.showing.outlineOf(this.marks[mark]!.mark);
  }
}

interface Finding {
  readonly credit: number;
  readonly error: ErrorCode | null;
  readonly confidence: number;
  readonly marks: readonly number[];
  readonly regions: readonly Polygon[];
  readonly hint: CriterionHint | null;
}

function readMark(mark: Mark, reading: Reading, placement: Placement): ReadMark {
  let home: number | null = null;
  placement.at.forEach(({ place, fit }, part) => {
    if (place === 'inside' && (home === null || fit > placement.at[home]!.fit)) home = part;
  });
  const key = `${reading.folded}\n${JSON.stringify(mark.shape.kind === 'place' ? mark.shape.place : cornersOf(mark.shape))}\n${mark.id}`;
  return { mark, reading, placement, home, key };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
