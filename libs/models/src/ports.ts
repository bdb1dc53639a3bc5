import type { Failure } from '#libs/kernel';
import type { ModelFormat, Preprocessing } from './model/manifest.js';
import type { Tensor, TensorType } from './model/tensor.js';

/** A model as a runtime needs it. Two with the same key are the same, and share what is loaded. */
export interface RunnableModel {
  /** SHA-256 of its package. */
  readonly key: string;
  readonly format: ModelFormat;
  /** Path of the file, or of the folder of a SavedModel, among its files. */
  readonly entry: string;
  /** Shapes without the batch, which comes first in the model. */
  readonly input: { readonly name: string; readonly dtype: TensorType; readonly shape: readonly number[] };
  readonly outputs: readonly string[];
  /** Reads what the package holds of the model itself, by path; called each time it is loaded, once for each thread. */
  readonly files: () => Promise<ReadonlyMap<string, Uint8Array>>;
}

/** What a model gives for one example, by the name of the output, without the batch. */
export type Inference = ReadonlyMap<string, Tensor & { readonly dtype: 'float32' }>;

/**
 * Why a runtime gave nothing:
 * - busy: its queue is full; nothing was computed
 * - cancelled: whoever asked no longer wants it, or the runtime was closed
 * - too-slow: it did not answer in time
 * - unsupported: this runtime does not run this format here
 * - broken: the model cannot be loaded, or failed on this input
 * - unreachable: a remote server does not answer, or is not ready
 */
export const inferenceRefusals = ['busy', 'cancelled', 'too-slow', 'unsupported', 'broken', 'unreachable'] as const;
export type InferenceRefusal = (typeof inferenceRefusals)[number];

export interface NotInferred {
  readonly kind: 'not-inferred';
  readonly reason: InferenceRefusal;
  /** For operators: what the runtime said. No part of the input. */
  readonly detail: string;
}

export interface InferenceOptions {
  /** Milliseconds from now; after them the answer is `too-slow`. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Whether a runtime is there, and what to do if it is not. */
export interface RuntimeStatus {
  readonly name: string;
  readonly version: string | null;
  readonly isThere: boolean;
  readonly formats: readonly ModelFormat[];
  /** What it runs on, or what to do to get it: one sentence. */
  readonly note: string;
}

/** Runs models. What it loads is shared, bounded, and let go when others need the room. */
export abstract class InferenceRuntime {
  /** Looks without loading a model. */
  abstract status(): Promise<RuntimeStatus>;
  /**
   * Runs a model on one example (shape without the batch); many at once are put together in batches.
   * @throws {RangeError} where the input is not of the type and shape that the model declares
   */
  abstract infer(model: RunnableModel, input: Tensor, options?: InferenceOptions): Promise<Inference | NotInferred>;
  /** Lets a model go, if it is loaded. */
  abstract evict(key: string): Promise<void>;
  /** Ends what it has started; what is asked for after that is refused. */
  abstract close(): Promise<void>;
}

/** Turns a picture into the input of a model: decoded, upright, resized. One place for all models. */
export abstract class PictureReader {
  abstract read(picture: Uint8Array, preprocessing: Preprocessing): Promise<(Tensor & { dtype: 'uint8' }) | Failure>;
}
