import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, joinAsEmitter, LOGGER, RoomEventPublisher } from '#libs/composition';
import { EventPublisher } from '#libs/kernel';
import { RevocationNotifier } from '#libs/identity';
import type { Config } from '#libs/platform';

type Emitter = Awaited<ReturnType<typeof joinAsEmitter>>;

const EMITTER = Symbol('Emitter');

/** Speaks to the sockets of the API processes. The worker ends nobody's sign-in, so it has nothing to tell of that. */
@Global()
@Module({
  providers: [
    {
      provide: EMITTER,
      useFactory: (config: Config, logger: Logger) => joinAsEmitter(config, logger),
      inject: [CONFIG, LOGGER],
    },
    {
      provide: EventPublisher,
      useFactory: (emitter: Emitter) => new RoomEventPublisher(emitter),
      inject: [EMITTER],
    },
    {
      provide: RevocationNotifier,
      useValue: { credentialsRevoked: () => Promise.resolve(), teachingEnded: () => undefined },
    },
  ],
  exports: [EventPublisher, RevocationNotifier],
})
export class EmitterModule implements OnApplicationShutdown {
  constructor(@Inject(EMITTER) private readonly emitter: Emitter) {}

  async onApplicationShutdown(): Promise<void> {
    await this.emitter.close();
  }
}
