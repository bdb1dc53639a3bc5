import { Controller, Get, Header, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '#libs/persistence';
import { Metrics, projectVersion } from '#libs/platform';
import { Readiness } from './readiness.js';

/** For those who operate Attune. */
@Controller()
export class HealthController {
  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {}

  /** The process runs, and which version of Attune it is. */
  @Get('health/live')
  live(): object {
    return { status: 'live', version: projectVersion };
  }

  /** The process can serve: it is not going down, and the database answers. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const draining = this.readiness.draining;
    const database = await Promise.race([
      this.database.ping().then(
        () => 'up',
        () => 'down',
      ),
      new Promise<string>((resolve) => setTimeout(resolve, 2_000, 'slow').unref()),
    ]);
    const ready = database === 'up' && !draining;
    reply.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status: ready ? 'ready' : 'not-ready', database, draining };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async readMetrics(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
