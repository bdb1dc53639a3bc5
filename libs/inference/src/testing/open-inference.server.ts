import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunnableModel } from '#libs/models';

/** How the server behaves from now on. */
export interface Behaviour {
  isReady: boolean;
  /** Whether it offers tensors in binary. */
  isBinary: boolean;
  /** Milliseconds before an answer. */
  delay: number;
  /** Without which it answers nobody. */
  token: string | null;
  fault:
    | 'none'
    | 'hang-up'
    | 'error'
    | 'busy'
    | 'nonsense'
    | 'wrong-shape'
    | 'short-data'
    | 'redirect'
    | 'endless'
    | 'refuse'
    | 'echo';
}

const types = { uint8: 'UINT8', float32: 'FP32' } as const;
const lengthHeader = 'inference-header-content-length';

/**
 * A server of the Open Inference Protocol for tests: it really runs ONNX models, by the names that it was given, and can be told to
 * misbehave.
 */
export class OpenInferenceServer {
  readonly behaviour: Behaviour = { isReady: true, isBinary: true, delay: 0, token: null, fault: 'none' };
  /** Requests to run a model, in binary and in JSON. */
  readonly ran = { binary: 0, json: 0 };
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => {
      send(response, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  private readonly sessions = new Map<string, InferenceSession>();

  private constructor(private readonly version: string) {}

  /**
   * @param models by their names; all have the version 1
   * @param port a free one unless it is named
   */
  static async start(
    models: ReadonlyMap<string, RunnableModel>,
    { version = '2.1.0', port = 0 } = {},
  ): Promise<OpenInferenceServer> {
    const server = new OpenInferenceServer(version);
    for (const [name, { entry, files }] of models) {
      const options = { intraOpNumThreads: 1, logSeverityLevel: 4 } as const;
      server.sessions.set(name, await InferenceSession.create((await files()).get(entry)!, options));
    }
    server.server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes the connections that rest. */
  hangUp(): void {
    this.server.closeIdleConnections();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
    for (const session of this.sessions.values()) await session.release();
    this.sessions.clear();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const { pathname } = new URL(request.url ?? '', this.url);
    const { isReady, isBinary, token } = this.behaviour;
    if (token !== null && request.headers.authorization !== `Bearer ${token}`) {
      return send(response, 401, { error: 'who are you?' });
    }
    if (pathname === '/v2/health/live') return send(response, 200);
    if (pathname === '/v2/health/ready') return send(response, isReady ? 200 : 503);
    const extensions = isBinary ? ['binary_tensor_data'] : [];
    if (pathname === '/v2') return send(response, 200, { name: 'attune-test', version: this.version, extensions });
    const path = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/.exec(pathname);
    const [, name = '', version = '1', verb] = path ?? [];
    const session = this.sessions.get(decodeURIComponent(name));
    if (path === null || session === undefined || version !== '1')
      return send(response, 404, { error: 'no such model' });
    if (verb === 'ready') return send(response, isReady ? 200 : 503);
    if (verb === undefined) return send(response, 200, describe(name, session));
    if (this.behaviour.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.behaviour.delay));
    if (this.misbehave(request, response)) return;
    await this.infer(session, request, body, response);
  }

  private async infer(
    session: InferenceSession,
    { headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const length = headers[lengthHeader];
    const json = length === undefined ? body : body.subarray(0, Number(length));
    const question = JSON.parse(json.toString()) as {
      inputs: { name: string; shape: number[]; datatype: string; data?: number[] }[];
      outputs: { name: string; parameters?: { binary_data?: boolean } }[];
    };
    const input = question.inputs[0]!;
    this.ran[length === undefined ? 'json' : 'binary']++;
    const raw = Uint8Array.from(body.subarray(json.length));
    const data =
      input.datatype === 'UINT8'
        ? length === undefined
          ? Uint8Array.from(input.data!)
          : raw
        : length === undefined
          ? Float32Array.from(input.data!)
          : new Float32Array(raw.buffer);
    const feed = new Tensor(input.datatype === 'UINT8' ? 'uint8' : 'float32', data, input.shape);
    const results = await session.run(
      { [input.name]: feed },
      question.outputs.map(({ name }) => name),
    );
    const parts: Buffer[] = [];
    const outputs = question.outputs.map(({ name, parameters }) => {
      const result = results[name]!;
      const numbers = result.data as Float32Array;
      const isShort = this.behaviour.fault === 'short-data';
      const shape = this.behaviour.fault === 'wrong-shape' ? [...result.dims, 2] : result.dims;
      if (!parameters?.binary_data) return { name, shape, datatype: 'FP32', data: [...numbers].slice(isShort ? 1 : 0) };
      const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength - (isShort ? 4 : 0));
      parts.push(bytes);
      return { name, shape, datatype: 'FP32', parameters: { binary_data_size: bytes.length } };
    });
    const head = Buffer.from(JSON.stringify({ model_name: 'any', model_version: '1', outputs }));
    if (parts.length > 0) response.setHeader(lengthHeader, head.length);
    response.end(Buffer.concat([head, ...parts]));
  }

  /** @returns whether the request was dealt with */
  private misbehave(request: IncomingMessage, response: ServerResponse): boolean {
    switch (this.behaviour.fault) {
      case 'hang-up':
        request.socket.destroy();
        return true;
      case 'error':
        send(response, 500, { error: 'out of memory' });
        return true;
      case 'busy':
        send(response, 429, { error: 'too many requests' });
        return true;
      case 'refuse':
        send(response, 400, { error: 'unexpected shape' });
        return true;
      case 'echo':
        send(response, 400, { error: `not for ${request.headers.authorization}` });
        return true;
      case 'nonsense':
        response.end('<html>');
        return true;
      case 'redirect':
        response.writeHead(302, { location: `${this.url}/v2` }).end();
        return true;
      case 'endless': {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', more);
        more();
        return true;
      }
      default:
        return false;
    }
  }
}

function describe(name: string, { inputMetadata, outputMetadata }: InferenceSession): object {
  const tensor = (each: InferenceSession.ValueMetadata): object => {
    if (!each.isTensor) throw new Error('Not a tensor.');
    const shape = each.shape.map((side) => (typeof side === 'number' ? side : -1));
    return { name: each.name, datatype: types[each.type as keyof typeof types], shape };
  };
  return {
    name,
    versions: ['1'],
    platform: 'onnx',
    inputs: inputMetadata.map(tensor),
    outputs: outputMetadata.map(tensor),
  };
}

function send(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
