import {
  InferenceRuntime,
  modelFormats,
  type Inference,
  type InferenceOptions,
  type NotInferred,
  type RunnableModel,
  type RuntimeStatus,
  type Tensor,
} from '#libs/models';
import { notInferred } from './not-inferred.js';

/**
 * Gives each model to the first of several runtimes that runs it here: what one does not support, or cannot reach its servers
 * for, goes to the next. Whatever else a runtime says is the answer.
 */
export class RoutedRuntime extends InferenceRuntime {
  /** @param runtimes by preference; closed with this one */
  constructor(private readonly runtimes: readonly InferenceRuntime[]) {
    super();
  }

  /** Of all together. */
  override async status(): Promise<RuntimeStatus> {
    const all = await Promise.all(this.runtimes.map((runtime) => runtime.status()));
    const there = all.filter(({ isThere }) => isThere);
    return {
      name: all.map(({ name }) => name).join(', '),
      version: there.map(({ version }) => version).join(', ') || null,
      isThere: there.length > 0,
      formats: modelFormats.filter((format) => there.some(({ formats }) => formats.includes(format))),
      note: all.map(({ name, note }) => `${name}: ${note}`).join(' '),
    };
  }

  override async infer(
    model: RunnableModel,
    input: Tensor,
    options?: InferenceOptions,
  ): Promise<Inference | NotInferred> {
    let refusal: NotInferred | null = null;
    for (const runtime of this.runtimes) {
      const answer = await runtime.infer(model, input, options);
      if (!('reason' in answer)) return answer;
      if (answer.reason !== 'unsupported' && answer.reason !== 'unreachable') return answer;
      // That servers are away says more than that the others do not know the format.
      if (refusal === null || refusal.reason === 'unsupported') refusal = combined(refusal, answer);
    }
    return refusal ?? notInferred('unsupported', 'There is no runtime.');
  }

  override async evict(key: string): Promise<void> {
    await Promise.all(this.runtimes.map((runtime) => runtime.evict(key)));
  }

  override async close(): Promise<void> {
    await Promise.all(this.runtimes.map((runtime) => runtime.close()));
  }
}

function combined(before: NotInferred | null, { reason, detail }: NotInferred): NotInferred {
  return notInferred(reason, before === null || reason !== before.reason ? detail : `${before.detail} ${detail}`);
}
