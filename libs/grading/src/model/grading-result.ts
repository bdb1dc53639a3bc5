import type { Polygon } from './geometry.js';

/**
 * What went wrong with one part. `extra` is a part that was named right but whose name, or whose place, carries
 * further marks that contradict it.
 */
export type ErrorCode =
  'missing' | 'swapped' | 'near-miss' | 'right-place-wrong-name' | 'right-name-wrong-place' | 'misspelt' | 'extra';

/** What to say about a lost point, for a message catalogue. */
export interface CriterionHint {
  /** `orient`, `point` and `show` are the part's authored hints in order; the others speak about the mark itself. */
  readonly key: HintKey;
  readonly parameters: Readonly<Record<string, string | number>>;
}

export type HintKey = 'orient' | 'point' | 'show' | 'swap' | 'closer' | 'spelling' | 'once';

/** The score of one criterion: here, of one part of the picture. */
export interface CriterionScore {
  /** The part's id. */
  readonly criterionId: string;
  readonly label: string;
  readonly points: number;
  readonly awarded: number;
  /** 0–1: a rule's weight, not a calibrated probability. */
  readonly confidence: number;
  readonly error: ErrorCode | null;
  readonly evidence: {
    /** The marks that this score rests on. */
    readonly markIds: readonly string[];
    /** Image pixels: where the wrong mark is, or where the part should have been marked. */
    readonly regions: readonly Polygon[];
  };
  readonly hint: CriterionHint | null;
  readonly skill: string;
}

/** A mark that answers nothing that was asked. */
export interface ExtraMark {
  readonly markId: string;
  readonly label: string;
  readonly region: Polygon;
}

/** What grading found. `total` is the sum of `awarded`, `maximum` that of `points`. */
export interface GradingResult {
  readonly kind: 'graded';
  readonly grader: { readonly name: 'labelled-parts'; readonly version: 1 };
  readonly total: number;
  readonly maximum: number;
  /** The lowest confidence of any criterion; low for blank and off-topic work, which a person should see. */
  readonly confidence: number;
  readonly criteria: readonly CriterionScore[];
  readonly extras: readonly ExtraMark[];
  readonly flags: readonly ('blank' | 'off-topic')[];
}
