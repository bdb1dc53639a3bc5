import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG } from '#libs/composition';
import { Database } from '#libs/persistence';
import { Metrics, projectVersion, type Config } from '#libs/platform';

/** Answers those who operate the worker over HTTP, where WORKER_PORT is set: its metrics, and whether it is well. */
@Injectable()
export class WorkerPort implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Database) private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /** Address of the port, without a slash at the end; null where there is none. */
  get url(): string | null {
    const address = this.server?.address() as AddressInfo | null | undefined;
    return address
      ? `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
      : null;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { WORKER_PORT, HOST } = this.config;
    if (WORKER_PORT === undefined) return;
    const server = createServer((request, response) => {
      this.answer(request.method === 'GET' ? request.url : undefined, response).catch(() =>
        send(response, 503, { status: 'not-ready' }),
      );
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(WORKER_PORT, HOST, resolve));
    this.server = server;
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private async answer(path: string | undefined, response: ServerResponse): Promise<void> {
    switch (path) {
      case '/metrics':
        response.setHeader('content-type', this.metrics.registry.contentType);
        response.end(await this.metrics.registry.metrics());
        return;
      case '/health/live':
        return send(response, 200, { status: 'live', version: projectVersion });
      case '/health/ready': {
        await this.database.ping();
        return send(response, 200, { status: 'ready' });
      }
      default:
        return send(response, 404, { status: 'not-found' });
    }
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
