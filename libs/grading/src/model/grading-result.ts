import type { Confusion, ConfusionMatrix, LabelMeasures } from '#libs/models';
import type { Polygon } from './geometry.js';

/**
 * What went wrong with one criterion. `extra` is a part that was named right but whose name, or whose place, carries
 * further marks that contradict it; `wrong-class` is a picture or drawing that shows something else; `below-target` a measure of predictions
 * that is not reached. Of a diagram, `wrong-type` is a figure of another type, `reversed` an arrow that points the other way, `unlabelled`
 * a figure or branch without its words, and `dangling` an arrow that leads nowhere. `miscounted`, `wrong-colour`, `wrong-reading` and
 * `wrong-length` are what was measured on a photo. `unread` is nothing that went wrong: what is written there could not be read, and a teacher
 * decides.
 */
export const errorCodes = [
  'missing',
  'swapped',
  'near-miss',
  'right-place-wrong-name',
  'right-name-wrong-place',
  'misspelt',
  'extra',
  'wrong-class',
  'missing-stroke',
  'wrong-type',
  'reversed',
  'unlabelled',
  'dangling',
  'not-a-function',
  'not-monotone',
  'wrong-curvature',
  'wrong-side',
  'off-point',
  'off-asymptote',
  'off-curve',
  'below-target',
  'miscounted',
  'wrong-colour',
  'wrong-reading',
  'wrong-length',
  'unread',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What to say about a lost point, for a message catalogue. */
export interface CriterionHint {
  /** `orient`, `point` and `show` are the authored hints in order; the others speak about what was handed in. */
  readonly key: HintKey;
  readonly parameters: Readonly<Record<string, string | number>>;
}

export const hintKeys = [
  'orient',
  'point',
  'show',
  'swap',
  'closer',
  'spelling',
  'once',
  'wrong-class',
  'missing-stroke',
  'wrong-type',
  'reversed',
  'unlabelled',
  'dangling',
  'not-drawn',
  'two-values',
  'interval',
  'below-target',
  'miscounted',
  'wrong-colour',
  'wrong-reading',
  'wrong-length',
  'unread',
] as const;
export type HintKey = (typeof hintKeys)[number];

/** The score of one criterion, such as one part of a picture. */
export interface CriterionScore {
  /** Such as the part's id. */
  readonly criterionId: string;
  readonly label: string;
  readonly points: number;
  readonly awarded: number;
  /** 0–1: of a rule its weight, which is not a calibrated probability; of a model its calibrated probability. */
  readonly confidence: number;
  readonly error: ErrorCode | null;
  readonly evidence: {
    /** The marks that this score rests on. */
    readonly markIds: readonly string[];
    /** Image pixels: where the wrong mark is, or where the part should have been marked; or the picture that is wrong. */
    readonly regions: readonly Polygon[];
    /** Which of the pictures of a work they lie on, from 1; left out where it has no more than one place for them. */
    readonly photo?: number;
  };
  readonly hint: CriterionHint | null;
  readonly skill: string;
  /** Whether nothing may give the answer away before the last hint. */
  readonly answerLast?: boolean;
}

/** Whether no program has decided a criterion, and no teacher yet. */
export function isUndecided({
  error,
  overridden = false,
}: Pick<CriterionScore, 'error'> & { overridden?: boolean }): boolean {
  return error === 'unread' && !overridden;
}

/** A mark that answers nothing that was asked. */
export interface ExtraMark {
  readonly markId: string;
  readonly label: string;
  readonly region: Polygon;
}

/** The program that graded, and the model that it asked, if it did. */
export interface GraderName {
  readonly name: string;
  readonly version: number;
  readonly modelId: string | null;
}

/** What a model judged of one criterion; nothing where it gave no answer, and no points where it was not sure. */
export interface JudgedByModel {
  readonly modelId: string;
  readonly criterionId: string;
  readonly label: string | null;
  readonly probability: number | null;
  readonly awarded: number | null;
}

/** How the predictions of a project fell on the hidden test images, in all: nothing of a single image. */
export interface ProjectReport {
  readonly labels: readonly string[];
  /** Test images. */
  readonly examples: number;
  readonly accuracy: number;
  readonly confusion: ConfusionMatrix;
  readonly byLabel: readonly LabelMeasures[];
  /** The label that is told worst; null where all are told perfectly. */
  readonly weakest: string | null;
  readonly mostConfused: readonly Confusion[];
}

/** What grading found. `total` is the sum of `awarded`, `maximum` that of `points`. */
export interface GradingResult {
  readonly kind: 'graded';
  readonly grader: GraderName;
  readonly total: number;
  readonly maximum: number;
  /** The lowest confidence of any criterion; low for blank and off-topic work, which a person should see. */
  readonly confidence: number;
  readonly criteria: readonly CriterionScore[];
  readonly extras: readonly ExtraMark[];
  readonly flags: readonly ('blank' | 'off-topic')[];
  /** Of the model whose word counts, and of those that are compared with it. */
  readonly judgements: readonly JudgedByModel[];
  /** True where what graded may not judge work that counts: a model that learnt from what a program made. */
  readonly isForPracticeOnly: boolean;
  /** True where what read the work has not been measured to be good enough: of work that counts, a teacher decides, always. */
  readonly isProvisional: boolean;
  /** Of a project; null for other work. */
  readonly report: ProjectReport | null;
}
