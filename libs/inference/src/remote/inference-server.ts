import type { z } from 'zod';
import type { Inference, InferenceRefusal, RunnableModel, Tensor } from '#libs/models';
import { Circuit, type CircuitOptions } from '../circuit.js';
import { BoundedHttp, type HttpAnswer } from './bounded-http.js';
import {
  binaryExtension,
  decodeAnswer,
  encodeQuestion,
  jsonLengthHeader,
  mismatch,
  modelMetadataSchema,
  readJson,
  serverMetadataSchema,
} from './wire.js';

/** What a model is called on a server. */
export interface RemoteModel {
  readonly name: string;
  /** Without one the server chooses. */
  readonly version?: string;
}

/** How a server is spoken to. */
export interface ServerOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one request, after which the next server is asked. */
  readonly attemptMs: number;
  readonly answerBytes: number;
  readonly circuit: CircuitOptions;
}

/** Why a server gave nothing. */
export class ServerRefusal extends Error {
  /** @param isServers whether it is the fault of the server, and not of the request */
  constructor(
    readonly reason: InferenceRefusal,
    message: string,
    readonly isServers = true,
  ) {
    super(message);
  }
}

/** A server of the Open Inference Protocol: whether it is well, what it can do, and which models it was found to have. */
export class InferenceServer {
  private readonly http: BoundedHttp;
  private readonly circuit: Circuit;
  /** What it says of itself; asked again after a failure. */
  private metadata: z.infer<typeof serverMetadataSchema> | null = null;
  /** Models that were compared with their manifests. */
  private readonly checked = new Set<string>();

  constructor(private readonly options: ServerOptions) {
    this.http = new BoundedHttp(options.url, options.headers, options.answerBytes);
    this.circuit = new Circuit(options.circuit);
  }

  get name(): string {
    return this.http.name;
  }

  /** Whether it may be asked now; one that failed several times rests. */
  admits(now: number): boolean {
    return this.circuit.admits(now);
  }

  /** Whether it failed, and rests. */
  rests(now: number): boolean {
    return this.circuit.restAt(now) > 0;
  }

  /** Asks whether it is well; if it is, it rests no longer. @returns its name and version, or null */
  async check(signal: AbortSignal): Promise<string | null> {
    try {
      for (const path of ['/v2/health/live', '/v2/health/ready']) await this.get(path, signal);
      this.metadata = await this.read('/v2', serverMetadataSchema, signal);
      this.circuit.succeeded();
      return `${this.metadata.name} ${this.metadata.version}`;
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      return null;
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
        this.checked.clear();
      }
      throw error;
    }
  }

  /** Forgets that a model was there. */
  forget(key: string): void {
    this.checked.delete(key);
  }

  close(): void {
    this.http.close();
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
      await this.get('/v2/health/ready', signal);
      this.metadata = await this.read('/v2', serverMetadataSchema, signal);
    }
    if (!this.checked.has(model.key)) {
      await this.get(`${path}/ready`, signal);
      const lack = mismatch(await this.read(path, modelMetadataSchema, signal), model);
      if (lack !== null) throw new ServerRefusal('broken', lack, false);
      this.checked.add(model.key);
    }
    const isBinary = this.metadata.extensions.includes(binaryExtension);
    const question = encodeQuestion(model, input, isBinary);
    const { headers, body } = await this.ask({ path: `${path}/infer`, method: 'POST', ...question }, signal);
    const length = headers[jsonLengthHeader];
    const answer = decodeAnswer(model.outputs, body, typeof length === 'string' ? length : undefined);
    if (typeof answer === 'string') throw new ServerRefusal('broken', answer);
    return answer;
  }

  private get(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.ask({ path, method: 'GET' }, signal);
  }

  private async read<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const parsed = schema.safeParse(readJson((await this.get(path, signal)).body));
    if (!parsed.success) throw new ServerRefusal('unreachable', `${path} does not answer as the protocol says.`);
    return parsed.data;
  }

  private async ask(
    question: { path: string; method: 'GET' | 'POST'; headers?: Record<string, string>; body?: Uint8Array[] },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const late = AbortSignal.timeout(this.options.attemptMs);
    let answer: HttpAnswer;
    try {
      answer = await this.http.ask({ ...question, signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      if (late.aborted) throw new ServerRefusal('too-slow', `No answer within ${this.options.attemptMs} ms.`);
      throw new ServerRefusal('unreachable', error instanceof Error ? error.message : String(error));
    }
    const { status, body } = answer;
    if (status === 200) return answer;
    const said = readJson(body);
    const error = typeof said === 'object' && said !== null && 'error' in said ? String(said.error).slice(0, 200) : '';
    const detail = `Status ${status}. ${error}`.trim();
    if (status === 429) throw new ServerRefusal('busy', detail, false);
    // A model may be missing on one server and there on another; what is wrong with a request is so for all.
    if (status === 404 || status >= 500) throw new ServerRefusal('unreachable', detail);
    if (status >= 300 && status < 400)
      throw new ServerRefusal('broken', `${detail} Redirects are not followed.`.trim());
    throw new ServerRefusal('broken', detail, false);
  }
}
