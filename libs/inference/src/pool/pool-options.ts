import { availableParallelism } from 'node:os';
import type { CircuitOptions } from '../circuit.js';

/** How much a pool of threads may take on. Times are milliseconds. */
export interface PoolOptions {
  /** Threads, each with one core's work. */
  readonly threads: number;
  /** Examples in one batch. */
  readonly batch: number;
  /** A batch is made no larger than what should be done in this time, by how long the model's last batches took. */
  readonly batchMs: number;
  /** Examples that may wait; one more is refused as `busy`. */
  readonly waiting: number;
  /** Bytes of the files of all models that are loaded, counted in each thread that holds one. */
  readonly modelBytes: number;
  /** Bytes of JavaScript heap of each thread; one that needs more is ended. Tensors are no part of it. */
  readonly heapBytes: number;
  /** How long a request waits for its answer, unless it says so itself. */
  readonly timeoutMs: number;
  /** How long a thread may take for a batch before it is ended. */
  readonly stuckMs: number;
  /** How long a thread may take to load a model before it is ended. */
  readonly loadMs: number;
  /** When a model that keeps failing is refused at once. */
  readonly circuit: CircuitOptions;
}

/** Leaves a core for the rest of the process; a minute's rest for a model that failed three times. */
export const defaultPoolOptions: PoolOptions = {
  threads: Math.max(1, availableParallelism() - 1),
  batch: 8,
  batchMs: 50,
  waiting: 256,
  modelBytes: 512 * 1024 * 1024,
  heapBytes: 1024 * 1024 * 1024,
  timeoutMs: 10_000,
  stuckMs: 30_000,
  loadMs: 60_000,
  circuit: { failures: 3, restMs: 60_000 },
};
