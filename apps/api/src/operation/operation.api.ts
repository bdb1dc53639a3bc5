import { Global, Module } from '@nestjs/common';
import { CONFIG } from '#libs/composition';
import { Database } from '#libs/persistence';
import { Metrics, openTelemetry, Telemetry, type Config } from '#libs/platform';
import { RealtimeHub } from '../realtime/hub.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

@Global()
@Module({
  controllers: [HealthController],
  providers: [
    Readiness,
    { provide: Telemetry, useFactory: (config: Config) => openTelemetry(config, 'attune-api'), inject: [CONFIG] },
    {
      provide: Metrics,
      useFactory: (database: Database) => {
        const metrics = new Metrics('api');
        metrics.gauge('attune_database_connections', 'Open connections of the pool.', () => database.connections.total);
        metrics.gauge(
          'attune_database_waiting',
          'Callers that wait for a connection.',
          () => database.connections.waiting,
        );
        return metrics;
      },
      inject: [Database],
    },
  ],
  exports: [Metrics, Readiness, Telemetry],
})
export class OperationApi {
  constructor(metrics: Metrics, hub: RealtimeHub) {
    metrics.gauge('attune_sockets', 'Sockets connected to this process.', () => hub.localSockets().length);
  }
}
