import { ThreadLost, type EngineThread } from './engine-thread.js';
import type { PoolOptions } from './pool-options.js';

/** The room for models in all threads together, by the bytes of their files. */
export class ModelRoom {
  constructor(
    private readonly threads: () => readonly EngineThread[],
    private readonly options: Pick<PoolOptions, 'modelBytes' | 'loadMs' | 'stuckMs'>,
  ) {}

  /** Whether so many bytes fit beside the models that are being run. */
  fits(bytes: number): boolean {
    const inUse = this.threads().map(({ models, work }) => (work === null ? 0 : (models.get(work.key)?.bytes ?? 0)));
    return bytes + inUse.reduce((sum, size) => sum + size, 0) <= this.options.modelBytes;
  }

  /** Lets go what was used longest ago and is not being run, until there is room for so many bytes more. */
  makeFor(bytes: number): void {
    const held = this.threads().flatMap((thread) =>
      [...thread.models].map(([key, model]) => ({ thread, key, ...model, isInUse: thread.work?.key === key })),
    );
    let used = held.reduce((sum, { bytes: size }) => sum + size, 0);
    for (const model of held.sort((a, b) => a.usedAt - b.usedAt)) {
      if (used + bytes <= this.options.modelBytes) return;
      if (model.isInUse) continue;
      used -= model.bytes;
      void this.letGo(model.thread, model.key);
    }
  }

  /** Lets a model go that the thread is not running; resolves when its memory is free. */
  async letGo(thread: EngineThread, key: string): Promise<void> {
    if (!thread.models.delete(key)) return;
    const { loadMs, stuckMs } = this.options;
    await thread.ask({ kind: 'unload', key }, loadMs + stuckMs).catch((error: unknown) => {
      if (!(error instanceof ThreadLost)) throw error; // with the thread its models are gone as well
    });
  }
}
