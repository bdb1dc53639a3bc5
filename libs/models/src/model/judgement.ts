import type { NotInferred } from '../ports.js';

/** A label, and the calibrated probability that a model gives it. */
export interface LabelProbability {
  readonly label: string;
  /** 0 to 1. */
  readonly probability: number;
}

/** What one model says of what one picture shows, or several pictures of the same. */
export interface Opinion {
  readonly modelId: string;
  /** Whether it learnt from what a program made. */
  readonly isSynthetic: boolean;
  /** All labels, most probable first; empty where it gave no answer. */
  readonly ranked: readonly LabelProbability[];
  /** Whether the most probable label is below the threshold under which the model says that it does not know. */
  readonly abstains: boolean;
  /** Whether all pictures are too far from all that the model learnt from: they show something else. */
  readonly isOffTopic: boolean;
  /** Which of the pictures speaks most for the first label, from 0. */
  readonly surest: number;
  /** Why it gave no answer; null where it did. */
  readonly refusal: NotInferred | null;
}

/** What the models of one name say: the active one, whose word counts, and those in shadow, which are compared with it. */
export interface Consultation {
  readonly kind: 'consulted';
  readonly active: Opinion;
  readonly shadows: readonly Opinion[];
}

/** What a model judged of one criterion of a work. Kept for good: models are compared by it. */
export interface ModelJudgement {
  readonly submissionId: string;
  readonly modelId: string;
  readonly criterionId: string;
  /** Null where it gave no answer. */
  readonly label: string | null;
  readonly probability: number | null;
  /** Points that follow from it; null where it does not know. */
  readonly awarded: number | null;
  readonly judgedAt: Date;
}
