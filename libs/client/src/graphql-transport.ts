import { AttuneFailure, noAnswer, readFailure } from './attune-failure.js';
import type { Operation } from './operations/operation.js';

interface GraphqlBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

/** Waits before the second, third … try, in milliseconds, where the server does not ask for longer ones. */
const waits = [300, 1_000, 3_000];

/** The longest wait that a server may ask for; who is to wait longer is told so at once. */
const longestWait = 10_000;

/**
 * Sends operations over HTTP. An operation goes by its hash; a server that does not know it gets the document. While the
 * server cannot be reached, is busy or is asked too fast, it is asked again a few times: every write of the API carries an
 * id of the client and may be resent.
 */
export class GraphqlTransport {
  private readonly hashes = new Map<string, Promise<string | null>>();
  private readonly unknown = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /** Gives the data, or throws the refusal. */
  async send<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    token: string | null,
  ): Promise<Data> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.sendOnce(operation, variables, token);
      } catch (error) {
        const wait = error instanceof AttuneFailure ? waitBefore(attempt, error) : null;
        if (wait === null) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async sendOnce<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    token: string | null,
  ): Promise<Data> {
    const { name: operationName, document } = operation;
    const hash = this.unknown.has(document) ? null : await this.hashOf(document);
    if (hash !== null) {
      const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
      const body = await this.post({ operationName, variables, extensions }, token);
      if (body.errors?.[0]?.extensions?.['code'] !== 'OPERATION_NOT_PERSISTED') return readData(body) as Data;
      this.unknown.add(document);
    }
    return readData(await this.post({ operationName, variables, query: document }, token)) as Data;
  }

  private async post(body: object, token: string | null): Promise<GraphqlBody> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    };
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await fetch(this.url, { method: 'POST', headers, body: JSON.stringify(body), signal });
      const answer: unknown = await response.json().catch(() => null);
      if (typeof answer === 'object' && answer !== null) return answer;
      throw noAnswer(`${this.url} answered with status ${response.status} and no JSON.`);
    } catch (error) {
      if (error instanceof AttuneFailure) throw error;
      throw noAnswer(`${this.url} cannot be reached.`);
    }
  }

  /** SHA-256 of the document in hexadecimal; null where the browser has no Web Crypto (a page without TLS). */
  private hashOf(document: string): Promise<string | null> {
    const known = this.hashes.get(document);
    if (known !== undefined) return known;
    const made = sha256(document);
    this.hashes.set(document, made);
    return made;
  }
}

async function sha256(text: string): Promise<string | null> {
  const { subtle } = crypto as { subtle?: (typeof crypto)['subtle'] };
  if (subtle === undefined) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The data of an answer. Errors and refusals, wherever they stand at its top, are thrown. */
function readData({ data, errors }: GraphqlBody): unknown {
  const error = errors?.[0];
  if (error !== undefined) {
    throw readFailure({ ...error.extensions, message: error.message }) ?? new AttuneFailure('INTERNAL', error.message);
  }
  if (!data) throw new AttuneFailure('INTERNAL', 'The answer holds neither data nor errors.');
  for (const outcome of Object.values(data)) {
    if (typeof outcome !== 'object' || outcome === null || !('__typename' in outcome)) continue;
    const failure = readFailure(outcome);
    if (failure !== null) throw failure;
  }
  return data;
}

/** How long to wait before the next try, in milliseconds; null where there is to be none. */
function waitBefore(attempt: number, { isPassing, code, retryAfterSeconds }: AttuneFailure): number | null {
  const wait = waits[attempt];
  // A refusal that does not say for how long is of the act itself: too many tries to sign in.
  const isOfAct = code === 'RATE_LIMITED' && retryAfterSeconds === null;
  const asked = (retryAfterSeconds ?? 0) * 1_000;
  return wait === undefined || !isPassing || isOfAct || asked > longestWait ? null : Math.max(wait, asked);
}
