import type { Logger } from 'pino';
import { nameOnServers, type Whereabouts } from '#libs/inference';
import type { RunnableModel } from '#libs/models';
import type { Metrics } from '#libs/platform';

/** Says where models are run: in the log where that changes, and in a count of all. */
export class ModelWhereabouts {
  /** What was said last of each model. */
  private readonly said = new Map<string, string>();

  /** @param metrics null where nobody counts, as in commands */
  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics | null,
  ) {}

  /** What is no package never goes to servers, and is not spoken of. */
  note({ model, refusal }: Whereabouts): void {
    const name = nameOnServers(model)?.name;
    if (name === undefined) return;
    this.metrics?.inferred(refusal === null ? 'servers' : 'here', refusal?.reason ?? 'none');
    // Servers that are busy for a moment have the rest run here: that is counted only.
    if (refusal?.reason === 'busy') return;
    if (refusal === null) {
      return this.once(name, 'servers', () => this.logger.info({ model: name }, 'model runs on the servers'));
    }
    const { reason, detail } = refusal;
    const level = reason === 'unsupported' ? 'info' : 'warn';
    this.once(name, reason, () => this.logger[level]({ model: name, reason, detail }, 'model runs here instead'));
  }

  /** A server that has another model under a name does not get to judge; somebody should know. */
  noteOther(server: string, model: RunnableModel, detail: string): void {
    const name = nameOnServers(model)?.name;
    this.once(`${name} on ${server}`, detail, () =>
      this.logger.warn({ server, model: name, detail }, 'server has another model under this name'),
    );
  }

  private once(about: string, what: string, say: () => void): void {
    if (this.said.get(about) === what) return;
    this.said.set(about, what);
    say();
  }
}
