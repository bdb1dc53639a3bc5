import type { z } from 'zod';
import type { Inference, RunnableModel, Tensor } from '#libs/models';
import { Circuit, type CircuitOptions } from '../circuit.js';
import { ServedModels, type Holding } from './served-models.js';
import { ServerLine, type LineOptions } from './server-line.js';
import { ServerRefusal } from './server-refusal.js';
import {
  binaryExtension,
  decodeAnswer,
  encodeQuestion,
  jsonLengthHeader,
  mismatch,
  modelMetadataSchema,
  serverMetadataSchema,
  type ModelMetadata,
} from './wire.js';

/** What a model is called on a server. */
export interface RemoteModel {
  readonly name: string;
  /** Without one the server chooses. */
  readonly version?: string;
}

/** How a server is spoken to, and when it is left alone. */
export interface ServerOptions extends LineOptions {
  readonly circuit: CircuitOptions;
  /** How long what was found of a model holds. */
  readonly holding: Holding;
  /** Told where a server has another model under the name of this one, and how that shows. */
  readonly onOtherModel?: (server: string, model: RunnableModel, detail: string) => void;
}

/** How a server is: its name and version, and milliseconds of its answer about itself; or why it is not well. */
export type ServerHealth =
  | { readonly version: string; readonly milliseconds: number; readonly refusal: null }
  | { readonly version: null; readonly refusal: ServerRefusal };

/** A server of the Open Inference Protocol: whether it is well, what it can do, and which models it was found to have. */
export class InferenceServer {
  private readonly line: ServerLine;
  private readonly circuit: Circuit;
  /** What it says of itself; asked again after a failure. */
  private metadata: z.infer<typeof serverMetadataSchema> | null = null;
  private readonly served: ServedModels;
  private readonly ending = new AbortController();

  constructor(private readonly options: ServerOptions) {
    this.served = new ServedModels(options.holding);
    this.line = new ServerLine(options);
    this.circuit = new Circuit(options.circuit);
  }

  get name(): string {
    return this.line.name;
  }

  /** Whether it may be asked now; one that failed several times rests. */
  admits(now: number): boolean {
    return this.circuit.admits(now);
  }

  /** Whether it failed, and rests. */
  rests(now: number): boolean {
    return this.circuit.restAt(now) > 0;
  }

  /** Asks whether it is well; if it is, it rests no longer. */
  async check(): Promise<ServerHealth> {
    const { signal } = this.ending;
    try {
      for (const path of ['/v2/health/live', '/v2/health/ready']) await this.line.get(path, signal);
      const asked = performance.now();
      this.metadata = await this.line.read('/v2', serverMetadataSchema, signal);
      const milliseconds = performance.now() - asked;
      this.circuit.succeeded();
      return { version: `${this.metadata.name} ${this.metadata.version}`, milliseconds, refusal: null };
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      return { version: null, refusal: error };
    }
  }

  /** @throws {ServerRefusal} */
  async infer(model: RunnableModel, remote: RemoteModel, input: Tensor, signal: AbortSignal): Promise<Inference> {
    try {
      const inference = await this.tryInfer(model, remote, input, signal);
      this.circuit.succeeded();
      return inference;
    } catch (error) {
      if (error instanceof ServerRefusal && error.isServers && !signal.aborted) {
        this.circuit.fell(performance.now());
        this.metadata = null;
        this.served.forgetAll();
      }
      throw error;
    }
  }

  /** Forgets that a model was there. */
  forget(key: string): void {
    this.served.forget(key);
  }

  close(): void {
    this.ending.abort();
    this.line.close();
  }

  private async tryInfer(
    model: RunnableModel,
    remote: RemoteModel,
    input: Tensor,
    signal: AbortSignal,
  ): Promise<Inference> {
    const version = remote.version === undefined ? '' : `/versions/${encodeURIComponent(remote.version)}`;
    const path = `/v2/models/${encodeURIComponent(remote.name)}${version}`;
    if (this.metadata === null) {
      await this.line.get('/v2/health/ready', signal);
      this.metadata = await this.line.read('/v2', serverMetadataSchema, signal);
    }
    // Looking is for all who want the model: it goes on where the first of them leaves.
    await this.served.demand(model.key, () => this.examine(path, model, this.ending.signal));
    try {
      return await this.run(path, model, input, signal);
    } catch (error) {
      const isLost = error instanceof ServerRefusal && lacking.includes(error.status ?? 0);
      // It may have been taken away, or replaced: it is looked for again before the next use.
      if (isLost) this.served.forget(model.key);
      throw isLost ? notHere(error) : error;
    }
  }

  /**
   * Whether the server has the model: it is ready, takes and gives what the manifest declares, and its outputs for the golden
   * inputs are those of the package.
   * @throws {ServerRefusal} where one of these is not so
   */
  private async examine(path: string, model: RunnableModel, signal: AbortSignal): Promise<void> {
    const lack = mismatch(await this.metadataOf(path, signal), model);
    if (lack !== null) throw this.otherModel(model, lack);
    if (model.golden === undefined) return;
    const golden = await model.golden().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new ServerRefusal('broken', `The golden cases of the package cannot be read: ${why}`, { isServers: false });
    });
    const given: Inference[] = [];
    for (const input of golden.inputs) given.push(await this.run(path, model, input, signal));
    const refusal = golden.refusal(given);
    if (refusal !== null)
      throw this.otherModel(model, `Its golden cases come out otherwise: ${refusal.detail ?? refusal.reason}.`);
  }

  private async metadataOf(path: string, signal: AbortSignal): Promise<ModelMetadata> {
    try {
      await this.line.get(`${path}/ready`, signal);
      return await this.line.read(path, modelMetadataSchema, signal);
    } catch (error) {
      // Servers differ in how they say it: Triton by 400, others by 404, and by 503 while they load it.
      const isLacking = error instanceof ServerRefusal && [400, ...lacking, 503].includes(error.status ?? 0);
      throw isLacking ? notHere(error) : error;
    }
  }

  private otherModel(model: RunnableModel, detail: string): ServerRefusal {
    this.options.onOtherModel?.(this.name, model, detail);
    return new ServerRefusal('broken', detail, { isServers: false });
  }

  private async run(path: string, model: RunnableModel, input: Tensor, signal: AbortSignal): Promise<Inference> {
    const isBinary = this.metadata?.extensions.includes(binaryExtension) ?? false;
    const question = encodeQuestion(model, input, isBinary);
    const { headers, body } = await this.line.ask({ path: `${path}/infer`, method: 'POST', signal, ...question });
    const length = headers[jsonLengthHeader];
    const answer = decodeAnswer(model.outputs, body, typeof length === 'string' ? length : undefined);
    if (typeof answer === 'string') throw new ServerRefusal('broken', answer);
    return answer;
  }
}

/** Statuses of an answer that say that the model is not there. */
const lacking = [404];

function notHere({ status, message }: ServerRefusal): ServerRefusal {
  return new ServerRefusal('unsupported', `It does not have the model, or not yet. ${message}`, {
    status,
    isServers: false,
  });
}
