import { Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock, EventPublisher } from '#libs/kernel';
import { LOGGER } from '#libs/composition';
import { CredentialStanding, RevocationNotifier } from '#libs/identity';
import { TokenService } from '#libs/security';
import { Metrics, Telemetry } from '#libs/platform';
import { RealtimeHub } from './hub.js';
import { CatchUp } from './catch-up.js';
import { SocketDoor } from './socket-door.js';
import { SocketSweep } from './socket-sweep.js';

/** Sockets: the hub that use cases publish through, and the door that lets sockets in. */
@Global()
@Module({
  providers: [
    RealtimeHub,
    CatchUp,
    SocketSweep,
    { provide: EventPublisher, useExisting: RealtimeHub },
    { provide: RevocationNotifier, useExisting: RealtimeHub },
    {
      provide: SocketDoor,
      useFactory: (
        tokens: TokenService,
        standing: CredentialStanding,
        clock: Clock,
        logger: Logger,
        metrics: Metrics,
        telemetry: Telemetry,
      ) =>
        new SocketDoor({
          tokens,
          standing,
          logger,
          now: () => clock.now(),
          onAnswered: (request, code, milliseconds) => {
            metrics.socketRequest(request, code, milliseconds);
            telemetry.note({
              kind: 'request',
              name: `socket ${request}`,
              milliseconds,
              attributes: { 'attune.code': code },
              failed: code === 'INTERNAL' || code === 'UNAVAILABLE',
            });
          },
        }),
      inject: [TokenService, CredentialStanding, Clock, LOGGER, Metrics, Telemetry],
    },
  ],
  exports: [RealtimeHub, CatchUp, EventPublisher, RevocationNotifier, SocketDoor],
})
export class RealtimeModule {}
