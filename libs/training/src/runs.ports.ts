import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import type { ReceivedProgress, TrainingRun } from './model/training-run.js';
import type { TrainingProgress } from './model/training-plan.js';

/** Where a run is. */
export interface RunPlace {
  readonly institutionId: string;
  readonly runId: string;
}

/** Runs and what they tell. All verbs but the first two run inside a unit of work. */
export abstract class RunRepository {
  /** Where the run of a code is, in whichever institution; null for a code that nothing was given. */
  abstract findByCode(codeDigest: string): Promise<RunPlace | null>;
  /** The runs of all institutions that were silent since a moment, or whose code has expired at another. */
  abstract listToTend(silentSince: Date, now: Date): Promise<RunPlace[]>;
  abstract findRun(id: string): Promise<TrainingRun | null>;
  /** Reads it under a row lock, so that those who change it take turns. */
  abstract lockRun(id: string): Promise<TrainingRun | null>;
  /** False when its id is taken. */
  abstract insertRun(run: TrainingRun, codeDigest: string): Promise<boolean>;
  /** Newest first. */
  abstract listRuns(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TrainingRun>>;
  abstract updateRun(
    id: string,
    change: Partial<
      Pick<
        TrainingRun,
        | 'state'
        | 'failure'
        | 'dataset'
        | 'codeExpiresAt'
        | 'heardAt'
        | 'stalledAt'
        | 'cancelledAt'
        | 'endedAt'
        | 'modelId'
      >
    >,
  ): Promise<void>;
  abstract setCode(id: string, codeDigest: string): Promise<void>;
  /** The token with which the run speaks from now on; null ends it. */
  abstract setToken(id: string, tokenDigest: string | null): Promise<void>;
  abstract hasToken(id: string, tokenDigest: string): Promise<boolean>;
  /** Lines whose number is there already are left alone. Tells how many were new. */
  abstract insertProgress(id: string, lines: readonly TrainingProgress[], receivedAt: Date): Promise<number>;
  /** The number of the last line; 0 where there is none. */
  abstract lastSequence(id: string): Promise<number>;
  /** By run: lines in order, after a number, at most so many each. */
  abstract listProgress(
    runIds: readonly string[],
    after: number,
    most: number,
  ): Promise<ReadonlyMap<string, readonly ReceivedProgress[]>>;
}

/** Has runs prepared, and those of the engine `node` trained, each as part of the unit of work that is open. */
export abstract class TrainingQueue {
  abstract enqueuePreparation(runId: string): Promise<void>;
  abstract enqueueTraining(runId: string): Promise<void>;
}

/** Puts packages together that are made here. */
export abstract class PackageWriter {
  /** Writes files as a zip and gives its path on this machine; whoever takes it over moves it away. */
  abstract write(files: ReadonlyMap<string, Uint8Array>): Promise<string>;
  /** Removes one that nobody took over. */
  abstract discard(path: string): Promise<void>;
}

/** Texts that nobody else can make or read, for addresses that stand for themselves. */
export abstract class TicketSeal {
  abstract close(text: string): string;
  /** Null for what was not closed here. */
  abstract open(ticket: string): string | null;
}
