import { Agent, request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';

/** What a server answered. */
export interface HttpAnswer {
  readonly status: number;
  /** By names in small letters. */
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What is sent. */
export interface HttpQuestion {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Uint8Array[];
  readonly signal: AbortSignal;
}

/** Asks one server over connections that are kept. It follows no redirects, and reads answers up to a length only. */
export class BoundedHttp {
  private readonly agent: Agent;
  private readonly base: URL;

  /**
   * @param base where paths are added to
   * @param headers sent with everything, such as what the server knows us by
   * @param mostBytes length of an answer
   */
  constructor(
    base: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly mostBytes: number,
  ) {
    this.base = new URL(base);
    if (this.base.protocol !== 'http:' && this.base.protocol !== 'https:') {
      throw new Error(`The URL of a server begins with http:// or https://, not ${this.base.protocol}`);
    }
    this.agent =
      this.base.protocol === 'https:' ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  }

  /** Host and port, for people. */
  get name(): string {
    return this.base.host;
  }

  /** Rejects where no whole answer came in time. */
  async ask(question: HttpQuestion): Promise<HttpAnswer> {
    try {
      return await this.askOnce(question);
    } catch (error) {
      // The server may close a connection that rested just as it is used again; the request was not read then.
      if (!(error instanceof StaleConnection)) throw error;
      return this.askOnce(question);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private askOnce({ path, method, headers, body = [], signal }: HttpQuestion): Promise<HttpAnswer> {
    const url = new URL(this.base.pathname.replace(/\/$/, '') + path, this.base);
    const length = body.reduce((sum, part) => sum + part.length, 0);
    const options: RequestOptions = {
      agent: this.agent,
      method,
      signal,
      headers: { ...this.headers, ...headers, ...(method === 'POST' && { 'content-length': length }) },
    };
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? requestSecure : requestPlain;
      const request = send(url, options, (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > this.mostBytes) response.destroy(new Error(`The answer has more than ${this.mostBytes} bytes.`));
          else parts.push(part);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : error);
      });
      for (const part of body) request.write(part);
      request.end();
    });
  }
}

class StaleConnection extends Error {}
