import {
  InferenceRuntime,
  type Inference,
  type InferenceOptions,
  type NotInferred,
  type RunnableModel,
  type RuntimeStatus,
  type Tensor,
} from '#libs/models';
import { defaultPoolOptions } from './pool/pool-options.js';

/** Where a model was run, or tried to. */
export interface Whereabouts {
  readonly model: RunnableModel;
  /** Why the servers gave nothing, so that it is run here; null where they answered. */
  readonly refusal: NotInferred | null;
}

/** Which of two runtimes, and who is told. */
export interface ServersFirstOptions {
  readonly servers: InferenceRuntime;
  /** What runs models on this machine. */
  readonly here: InferenceRuntime;
  /** Told of each example. */
  readonly onAsked?: (whereabouts: Whereabouts) => void;
}

/**
 * Has models run by servers, and here whatever the servers do not give: they do not have the model, or another one under its
 * name, are away, busy or slow. They get half of the time that there is, and what is left of all of it remains for here.
 */
export class ServersFirstRuntime extends InferenceRuntime {
  /** @param options the runtimes are closed with this one */
  constructor(private readonly options: ServersFirstOptions) {
    super();
  }

  /** Of what runs here, with what is to be said of the servers. */
  override async status(): Promise<RuntimeStatus> {
    const { servers, here } = this.options;
    const [away, own] = await Promise.all([servers.status(), here.status()]);
    return { ...own, note: `${away.name}: ${away.note} ${own.note}` };
  }

  override async infer(
    model: RunnableModel,
    input: Tensor,
    options: InferenceOptions = {},
  ): Promise<Inference | NotInferred> {
    const { servers, here, onAsked } = this.options;
    const began = performance.now();
    const { timeout = defaultPoolOptions.timeoutMs } = options;
    const answer = await servers.infer(model, input, { ...options, timeout: timeout / 2 });
    if (!('reason' in answer)) {
      onAsked?.({ model, refusal: null });
      return answer;
    }
    if (answer.reason === 'cancelled') return answer;
    onAsked?.({ model, refusal: answer });
    const left = timeout - (performance.now() - began);
    return here.infer(model, input, { ...options, timeout: Math.max(1, left) });
  }

  override async evict(key: string): Promise<void> {
    const { servers, here } = this.options;
    await Promise.all([servers.evict(key), here.evict(key)]);
  }

  override async close(): Promise<void> {
    const { servers, here } = this.options;
    await Promise.all([servers.close(), here.close()]);
  }
}
