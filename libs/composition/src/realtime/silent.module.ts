import { Global, Module } from '@nestjs/common';
import { EventPublisher } from '#libs/kernel';
import { RevocationNotifier } from '#libs/identity';

/** For processes that run while nobody can be connected: seeding and command-line work before the API starts. */
@Global()
@Module({
  providers: [
    { provide: EventPublisher, useValue: { publish: () => undefined } },
    {
      provide: RevocationNotifier,
      useValue: { credentialsRevoked: () => Promise.resolve(), teachingEnded: () => undefined },
    },
  ],
  exports: [EventPublisher, RevocationNotifier],
})
export class SilentRealtimeModule {}
