import {
  InferenceRuntime,
  type Inference,
  type InferenceOptions,
  type NotInferred,
  type RunnableModel,
  type RuntimeStatus,
  type Tensor,
} from '#libs/models';
import { notInferred } from '../not-inferred.js';
import { InferencePool } from '../pool/inference-pool.js';
import type { PoolOptions } from '../pool/pool-options.js';

/** Options of TensorFlow.js. */
export interface TensorFlowOptions extends PoolOptions {
  /** Folder in which `npm run provision:tfjs-node` has put the native library; without it WebAssembly is used. */
  readonly nativeFolder: string;
}

/** Runs models of TensorFlow.js on this machine's CPU, and SavedModels where the native library is there. */
export class TensorFlowRuntime extends InferenceRuntime {
  private readonly pool: InferencePool;

  /** @param options what differs from `defaultPoolOptions` */
  constructor({ nativeFolder, ...options }: Partial<TensorFlowOptions> = {}) {
    super();
    // Of what native TensorFlow says on standard error, errors only. Where a thread sets this, only the thread sees it.
    if (nativeFolder !== undefined) process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    const module = new URL('./tensorflow.engine.mjs', import.meta.url);
    this.pool = new InferencePool({ module, settings: { nativeFolder } }, options);
  }

  override async status(): Promise<RuntimeStatus> {
    return { name: 'TensorFlow.js', ...(await this.pool.report()) };
  }

  override async infer(
    model: RunnableModel,
    input: Tensor,
    options?: InferenceOptions,
  ): Promise<Inference | NotInferred> {
    if (model.format === 'onnx') return notInferred('unsupported', 'TensorFlow.js does not run ONNX.');
    return this.pool.infer(model, input, options);
  }

  override evict(key: string): Promise<void> {
    return this.pool.evict(key);
  }

  override close(): Promise<void> {
    return this.pool.close();
  }
}
