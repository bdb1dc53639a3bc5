import type { z } from 'zod';
import { BoundedHttp, type HttpAnswer, type HttpQuestion } from './bounded-http.js';
import { ServerRefusal } from './server-refusal.js';
import { readJson } from './wire.js';

/** How a server is reached. */
export interface LineOptions {
  readonly url: string;
  /** Sent with everything, such as what the server knows us by. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for one request. */
  readonly attemptMs: number;
  /** Length of an answer. */
  readonly answerBytes: number;
}

/** Questions to one server, and its answers; whatever is no answer is a refusal. */
export class ServerLine {
  private readonly http: BoundedHttp;

  constructor(private readonly options: LineOptions) {
    this.http = new BoundedHttp(options.url, options.headers, options.answerBytes);
  }

  /** Host and port, for people. */
  get name(): string {
    return this.http.name;
  }

  /** @throws {ServerRefusal} where the answer is not 200 */
  get(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.ask({ path, method: 'GET', signal });
  }

  /** @throws {ServerRefusal} where the answer is not 200, or not by the schema */
  async read<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const parsed = schema.safeParse(readJson((await this.get(path, signal)).body));
    if (!parsed.success) {
      throw new ServerRefusal('unreachable', `${path} does not answer as the protocol says.`, { status: 200 });
    }
    return parsed.data;
  }

  /** @throws {ServerRefusal} where the answer is not 200 */
  async ask({ signal, ...question }: HttpQuestion): Promise<HttpAnswer> {
    const late = AbortSignal.timeout(this.options.attemptMs);
    let answer: HttpAnswer;
    try {
      answer = await this.http.ask({ ...question, signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      if (late.aborted) throw new ServerRefusal('too-slow', `No answer within ${this.options.attemptMs} ms.`);
      throw new ServerRefusal('unreachable', troubleOf(error));
    }
    const { status, body } = answer;
    if (status === 200) return answer;
    const detail = `Status ${status}. ${this.said(body)}`.trim();
    if (status === 429) throw new ServerRefusal('busy', detail, { status, isServers: false });
    // A model may be missing on one server and there on another; what is wrong with a request is so for all.
    if (status === 401 || status === 403 || status === 404 || status >= 500) {
      throw new ServerRefusal('unreachable', detail, { status });
    }
    if (status >= 300 && status < 400) {
      throw new ServerRefusal('broken', `${detail} Redirects are not followed.`, { status });
    }
    throw new ServerRefusal('broken', detail, { status, isServers: false });
  }

  close(): void {
    this.http.close();
  }

  /** What it gives as its error, without what it was told in confidence. */
  private said(body: Buffer): string {
    const answer = readJson(body);
    if (typeof answer !== 'object' || answer === null || !('error' in answer)) return '';
    const confidential = Object.values(this.options.headers).flatMap((value) => value.split(' '));
    const words = confidential.filter((word) => word !== '');
    return words.reduce((text, word) => text.replaceAll(word, '…'), String(answer.error)).slice(0, 200);
  }
}

/** Where a name has several addresses, Node says what went wrong with each, and nothing of all. */
function troubleOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
