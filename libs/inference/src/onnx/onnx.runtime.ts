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

/** Runs ONNX models on this machine's CPU, with ONNX Runtime in threads of its own. */
export class OnnxRuntime extends InferenceRuntime {
  private readonly pool: InferencePool;

  /** @param options what differs from `defaultPoolOptions` */
  constructor(options: Partial<PoolOptions> = {}) {
    super();
    this.pool = new InferencePool({ module: new URL('./onnx.engine.mjs', import.meta.url) }, options);
  }

  override async status(): Promise<RuntimeStatus> {
    return { name: 'ONNX Runtime', ...(await this.pool.report()) };
  }

  override async infer(
    model: RunnableModel,
    input: Tensor,
    options?: InferenceOptions,
  ): Promise<Inference | NotInferred> {
    if (model.format !== 'onnx') return notInferred('unsupported', 'ONNX Runtime runs models in the format onnx.');
    return this.pool.infer(model, input, options);
  }

  override evict(key: string): Promise<void> {
    return this.pool.evict(key);
  }

  override close(): Promise<void> {
    return this.pool.close();
  }
}
