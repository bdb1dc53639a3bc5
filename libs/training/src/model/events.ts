import { courseStream, type NewEvent } from '#libs/kernel';
import type { TrainingProgress } from './training-plan.js';
import type { RunState, TrainingRun } from './training-run.js';

/** What the teachers of a course hear of its training runs. */
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
