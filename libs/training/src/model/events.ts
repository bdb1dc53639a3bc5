import { courseStream, type NewEvent } from '#libs/kernel';
import type { DatasetImport, ImportState } from './dataset-import.js';
import type { TrainingProgress } from './training-plan.js';
import type { RunState, TrainingRun } from './training-run.js';

/** What the teachers of a course hear of its training runs, and of folders on their way into its datasets. */
export interface CourseTrainingEvents {
  'training.changed': {
    readonly courseId: string;
    readonly runId: string;
    readonly name: string;
    readonly state: RunState;
    /** Whether nothing was heard of it for too long; it may come back. */
    readonly isStalled: boolean;
    /** Why it failed. */
    readonly failure: string | null;
    /** The model that came of it. */
    readonly modelId: string | null;
  };
  'training.progressed': {
    readonly courseId: string;
    readonly runId: string;
    /** Of the line, within the run. */
    readonly line: number;
    readonly phase: TrainingProgress['phase'];
    readonly epoch: number;
    readonly epochs: number;
    readonly metrics: Readonly<Record<string, number>>;
  };
  'import.changed': {
    readonly courseId: string;
    readonly datasetId: string;
    readonly importId: string;
    readonly state: ImportState;
    readonly added: number;
    readonly relabelled: number;
    readonly unchanged: number;
    readonly refused: number;
    /** Why all of it failed. */
    readonly failure: string | null;
  };
}

/** The teachers hear that a run went on to another state, became silent, or was heard again. */
export function trainingChanged(run: TrainingRun): NewEvent {
  const { id: runId, courseId, name, state, stalledAt, failure, modelId } = run;
  const isStalled = state === 'running' && stalledAt !== null;
  const payload: CourseTrainingEvents['training.changed'] = {
    courseId,
    runId,
    name,
    state,
    isStalled,
    failure,
    modelId,
  };
  return { stream: courseStream(courseId), type: 'training.changed', payload };
}

/** The teachers hear how far a run is. */
export function trainingProgressed({ id: runId, courseId }: TrainingRun, line: TrainingProgress): NewEvent {
  const { sequence, phase, epoch, epochs, metrics } = line;
  const payload: CourseTrainingEvents['training.progressed'] = {
    courseId,
    runId,
    line: sequence,
    phase,
    epoch,
    epochs,
    metrics,
  };
  return { stream: courseStream(courseId), type: 'training.progressed', payload };
}

/** The teachers hear that a zip of folders came in, is being brought in, or is at its end. */
export function importChanged(courseId: string, changed: DatasetImport): NewEvent {
  const { id: importId, datasetId, state, added, relabelled, unchanged, refused } = changed;
  const payload: CourseTrainingEvents['import.changed'] = {
    courseId,
    datasetId,
    importId,
    state,
    added,
    relabelled,
    unchanged,
    refused,
    failure: changed.failure?.message ?? null,
  };
  return { stream: courseStream(courseId), type: 'import.changed', payload };
}
