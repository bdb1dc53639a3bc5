import type { ModelFormat, TensorType } from '#libs/models';

/** A model as it travels to a thread: what it declares, and its files. */
export interface ModelToLoad {
  readonly key: string;
  readonly format: ModelFormat;
  readonly entry: string;
  readonly input: { readonly name: string; readonly dtype: TensorType; readonly shape: readonly number[] };
  readonly outputs: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Examples of one model, one after the other in one buffer. */
export interface BatchToRun {
  readonly key: string;
  readonly count: number;
  readonly data: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** What a model gave for a batch, for each of its outputs: the shape has the batch first. */
export interface BatchOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What is asked of a thread; it answers in order. */
export type ThreadRequest =
  | { readonly kind: 'report' }
  | { readonly kind: 'load'; readonly model: ModelToLoad }
  | { readonly kind: 'run'; readonly batch: BatchToRun }
  | { readonly kind: 'unload'; readonly key: string };

/** What an engine says of itself. */
export interface EngineReport {
  readonly isThere: boolean;
  readonly version: string | null;
  readonly formats: readonly ModelFormat[];
  /** What it runs on, or what to do to get it. */
  readonly note: string;
}

/** What came of a batch. */
export interface OutputsAnswer {
  readonly kind: 'outputs';
  readonly outputs: readonly BatchOutput[];
  /** How long the model took. */
  readonly milliseconds: number;
  /** The memory of the inputs, given back to be used again. */
  readonly memory: ArrayBuffer;
}

/** A thread's answer: what was asked for, or in words why not. */
export type ThreadAnswer =
  | { readonly kind: 'report'; readonly report: EngineReport }
  | { readonly kind: 'done' }
  | OutputsAnswer
  | { readonly kind: 'failed'; readonly reason: 'unsupported' | 'broken'; readonly detail: string };

/** A model in the memory of a thread. */
export interface LoadedModel {
  run(batch: BatchToRun): Promise<readonly BatchOutput[]>;
  dispose(): Promise<void>;
}

/** The default export of an engine's module. @param settings what its runtime was told */
export type OpenEngine = (settings: Readonly<Record<string, unknown>>) => Promise<Engine>;

/** A library that runs models, inside a thread. */
export interface Engine {
  report(): Promise<EngineReport>;
  /** Throws an error whose `reason` is `unsupported` for what this engine does not run. */
  load(model: ModelToLoad): Promise<LoadedModel>;
}
