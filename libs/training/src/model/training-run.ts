import type { DatasetTask, FrozenDataset } from './dataset.js';
import { trainingEngines, type TrainingNumbers, type TrainingPlan, type TrainingProgress } from './training-plan.js';

/** Where a model is trained: by an engine of the training package, or here, as a small head over a frozen embedding. */
export const runEngines = [...trainingEngines, 'node'] as const;
export type RunEngine = (typeof runEngines)[number];

/**
 * preparing → waiting → running → done | failed | cancelled | expired. Preparing freezes the dataset; while a run waits,
 * its code gives out the plan; a run of the engine `node` goes from preparing to running by itself.
 */
export const runStates = ['preparing', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired'] as const;
export type RunState = (typeof runStates)[number];

/** One training of one model. */
export interface TrainingRun {
  readonly id: string;
  readonly courseId: string;
  readonly datasetId: string;
  /** Becomes the name of the model. */
  readonly name: string;
  /** That of its dataset. */
  readonly task: DatasetTask;
  readonly engine: RunEngine;
  /** Of the engine `node`: the id of a registered model whose embedding is used, or `classical`. */
  readonly backbone: string;
  readonly weights: TrainingPlan['weights'];
  readonly abstainBelow: number | null;
  readonly numbers: TrainingNumbers;
  readonly state: RunState;
  /** Why it failed, in words for a teacher; null where it did not. */
  readonly failure: string | null;
  /** Null until it is prepared. */
  readonly dataset: FrozenDataset | null;
  /** Until when its code gives out the plan. */
  readonly codeExpiresAt: Date;
  /** The last sign of life of whoever trains. */
  readonly heardAt: Date | null;
  /** When its teachers were told that it is silent; null once it was heard again. */
  readonly stalledAt: Date | null;
  /** When somebody asked for it to end. */
  readonly cancelledAt: Date | null;
  readonly endedAt: Date | null;
  /** The model that came of it. */
  readonly modelId: string | null;
  /** Pseudonym of who started it. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A line of progress, and when it came in. */
export interface ReceivedProgress extends TrainingProgress {
  readonly receivedAt: Date;
}
