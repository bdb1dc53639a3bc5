import {
  InferenceRuntime,
  type Inference,
  type InferenceOptions,
  type ModelFormat,
  type NotInferred,
  type RunnableModel,
  type RuntimeStatus,
  type Tensor,
} from '#libs/models';
import { ModelCircuits, type CircuitOptions } from '../circuit.js';
import { notInferred } from '../not-inferred.js';
import { checkInput } from '../pool/batches.js';
import { Ticket } from '../pool/ticket.js';
import { WaitingList } from '../pool/waiting-list.js';
import { InferenceServer, type RemoteModel, type ServerOptions } from './inference-server.js';
import type { Holding } from './served-models.js';
import { adviceOn, ServerRefusal } from './server-refusal.js';

/** Where the servers are, and how much is asked of them. Times are milliseconds. */
export interface OpenInferenceOptions {
  /** Servers that have the same models, such as http://triton:8000. */
  readonly urls: readonly string[];
  /** What a model is called there; null for one that they do not have. */
  readonly nameOf: (model: RunnableModel) => RemoteModel | null;
  /** Formats of the models that were put there. */
  readonly formats: readonly ModelFormat[];
  /** Sent with everything, such as what the servers know us by. */
  readonly headers: Readonly<Record<string, string>>;
  /** Requests at the same time. */
  readonly atOnce: number;
  /** Examples that may wait; one more is refused as `busy`. */
  readonly waiting: number;
  /** How long a request waits for its answer, unless it says so itself. */
  readonly timeoutMs: number;
  /** How long one server is waited for, before the next is asked. */
  readonly attemptMs: number;
  /** How often it is looked whether servers that failed are well again. */
  readonly healthMs: number;
  /** Length of an answer. */
  readonly answerBytes: number;
  /** When a model that keeps failing is refused at once. */
  readonly circuit: CircuitOptions;
  /** When a server that keeps failing is left alone. */
  readonly serverCircuit: CircuitOptions;
  /** How long what was found of a model on a server holds. */
  readonly holding: Holding;
  /** Told where a server has another model under the name of this one. */
  readonly onOtherModel: NonNullable<ServerOptions['onOtherModel']>;
}

/** How servers are spoken to, unless somebody says otherwise. */
export const openInferenceDefaults: Omit<OpenInferenceOptions, 'urls' | 'nameOf'> = {
  formats: ['onnx', 'saved-model'],
  headers: {},
  atOnce: 16,
  waiting: 256,
  timeoutMs: 10_000,
  attemptMs: 3_000,
  healthMs: 5_000,
  answerBytes: 64 * 1024 * 1024,
  circuit: { failures: 3, restMs: 60_000 },
  serverCircuit: { failures: 2, restMs: 15_000 },
  holding: { right: 600_000, wrong: 30_000 },
  onOtherModel: () => undefined,
};

/**
 * Has models run by servers of the Open Inference Protocol, such as KServe or Triton. Servers take turns; one that does not
 * answer, or answers wrongly, is passed over for the next. The models were put there by somebody else: before its first use, and
 * every ten minutes, each has to take and give what its manifest declares, and to give the golden outputs of its package.
 * Batches are made by the servers.
 */
export class OpenInferenceRuntime extends InferenceRuntime {
  private readonly options: OpenInferenceOptions;
  private readonly servers: readonly InferenceServer[];
  private readonly waiting = new WaitingList();
  private readonly inFlight = new Map<Ticket, AbortController>();
  private readonly circuits: ModelCircuits;
  private readonly ending = new AbortController();
  private readonly health: NodeJS.Timeout;
  private turn = 0;

  constructor(options: Pick<OpenInferenceOptions, 'urls' | 'nameOf'> & Partial<OpenInferenceOptions>) {
    super();
    this.options = { ...openInferenceDefaults, ...options };
    const { urls, serverCircuit: circuit, healthMs } = this.options;
    this.servers = urls.map((url) => new InferenceServer({ ...this.options, url, circuit }));
    this.circuits = new ModelCircuits(this.options.circuit);
    this.health = setInterval(() => void this.lookAfterResting(), healthMs).unref();
  }

  override async status(): Promise<RuntimeStatus> {
    const name = 'Open Inference Protocol';
    const { formats } = this.options;
    if (this.isClosed) return { name, version: null, isThere: false, formats, note: 'The runtime was closed.' };
    const found = await Promise.all(this.servers.map((server) => server.check()));
    const versions = [...new Set(found.flatMap(({ version }) => version ?? []))];
    const advice = found.flatMap(({ refusal }, at) => (refusal ? [adviceOn(this.servers[at]!.name, refusal)] : []));
    const note = advice.length === 0 ? 'All servers are ready.' : advice.join(' ');
    return { name, version: versions.join(', ') || null, isThere: versions.length > 0, formats, note };
  }

  override async infer(
    model: RunnableModel,
    input: Tensor,
    options: InferenceOptions = {},
  ): Promise<Inference | NotInferred> {
    checkInput(model, input);
    const remote = this.options.formats.includes(model.format) ? this.options.nameOf(model) : null;
    if (remote === null) return notInferred('unsupported', 'The servers do not have this model.');
    if (this.isClosed) return notInferred('cancelled', 'The runtime was closed.');
    if (this.waiting.size >= this.options.waiting) return notInferred('busy', `${this.waiting.size} wait already.`);
    const refusal = this.circuits.refusal(model.key, performance.now());
    if (refusal !== null) return refusal;
    const timeout = options.timeout ?? this.options.timeoutMs;
    const ticket = new Ticket(model, input, { ...options, timeout }, (settled) => {
      this.waiting.remove(settled);
      this.inFlight.get(settled)?.abort();
    });
    if (!ticket.isSettled) this.waiting.add(ticket);
    this.serve();
    return ticket.answer;
  }

  override evict(key: string): Promise<void> {
    this.circuits.succeeded(key);
    for (const server of this.servers) server.forget(key);
    return Promise.resolve();
  }

  override close(): Promise<void> {
    this.ending.abort();
    clearInterval(this.health);
    for (const ticket of [...this.waiting.all(), ...this.inFlight.keys()]) {
      ticket.refuse('cancelled', 'The runtime was closed.');
    }
    for (const server of this.servers) server.close();
    return Promise.resolve();
  }

  private get isClosed(): boolean {
    return this.ending.signal.aborted;
  }

  private serve(): void {
    for (const key of this.waiting.keys()) {
      while (this.inFlight.size < this.options.atOnce) {
        const [ticket] = this.waiting.take(key, 1);
        if (ticket === undefined) break;
        const leaving = new AbortController();
        this.inFlight.set(ticket, leaving);
        void this.ask(ticket, leaving.signal).finally(() => {
          this.inFlight.delete(ticket);
          this.serve();
        });
      }
    }
  }

  /** Asks one server after the other, until one answers or whoever asked has left. */
  private async ask(ticket: Ticket, signal: AbortSignal): Promise<void> {
    const { model, input } = ticket;
    const remote = this.options.nameOf(model);
    if (remote === null) return ticket.refuse('unsupported', 'The servers do not have this model.');
    let refusal = notInferred('unreachable', 'All servers have failed, and rest for a while.');
    let hasAsked = false;
    for (const server of this.inTurn()) {
      if (!server.admits(performance.now())) continue;
      try {
        const inference = await server.infer(model, remote, input, signal);
        this.circuits.succeeded(model.key);
        return ticket.settle(inference);
      } catch (error) {
        if (ticket.isSettled) return;
        if (!(error instanceof ServerRefusal)) return ticket.fail(error);
        // That one is away, or has another model, says more than that the next does not have it.
        if (error.reason === 'unsupported' && hasAsked) continue;
        refusal = notInferred(error.reason, `${server.name}: ${error.message}`);
        hasAsked = true;
      }
    }
    ticket.settle(refusal);
    if (refusal.reason !== 'broken') return;
    const resting = this.circuits.fell(model.key, performance.now());
    if (resting !== null) for (const other of this.waiting.all(model.key)) other.settle(resting);
  }

  /** All servers, each time beginning with the next one. */
  private inTurn(): InferenceServer[] {
    const first = this.turn++ % Math.max(1, this.servers.length);
    return [...this.servers.slice(first), ...this.servers.slice(0, first)];
  }

  private async lookAfterResting(): Promise<void> {
    const resting = this.servers.filter((server) => server.rests(performance.now()));
    await Promise.all(resting.map((server) => server.check()));
  }
}
