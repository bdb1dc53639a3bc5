import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { socketLimits } from '#libs/contracts';
import type { Cluster } from '#libs/composition';
import type { RealtimeHub } from './hub.js';

/** Starts Socket.IO with the cluster's adapter, an origin allow-list and bounded messages. */
export class AttuneSocketAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly cluster: Cluster,
    private readonly hub: RealtimeHub,
    private readonly isAllowedOrigin: (origin: string | undefined, host: string | undefined) => boolean,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, {
      ...options,
      adapter: this.cluster.adapter,
      serveClient: false,
      perMessageDeflate: false,
      // Somewhat above what one message may have, so that a message that is too large gets an answer.
      maxHttpBufferSize: socketLimits.messageBytes * 4,
      cors: { origin: true, credentials: false },
      allowRequest: (request, decide) =>
        decide(null, this.isAllowedOrigin(request.headers.origin, request.headers.host)),
    } as ServerOptions) as Server;
    // Socket.IO's own namespace, which nobody here listens in and no door guards.
    server.of('/').use((_socket, next) => next(new Error('Invalid namespace')));
    this.hub.attach(server, this.cluster);
    return server;
  }
}
