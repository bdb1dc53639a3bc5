import { join, resolve } from 'node:path';
import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, IdentityModule, LearningModule, LOGGER, ScansModule } from '#libs/composition';
import { scanLimits, StartScans } from '#libs/grading';
import type { Config } from '#libs/platform';
import { PackageUploads } from '../http/package-uploads.js';
import { requireActor } from '../request/actor.js';
import { AssignmentScansResolver, ScanPageResolver } from './scan-page.resolver.js';
import { ScanController } from './scan.controller.js';
import { ScanResolver } from './scan.resolver.js';
import { scanUploaderFor } from './scan-uploader.js';

/** How often unfinished uploads of scans are looked through, in milliseconds. */
const sweep = 3_600_000;

/** The scanned sheets of a class, from the upload to the works that come of them. */
@Module({
  imports: [ScansModule, LearningModule, IdentityModule],
  providers: [ScanResolver, ScanPageResolver, AssignmentScansResolver],
  controllers: [ScanController],
})
export class ScansApi implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly start: StartScans,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const uploads = new PackageUploads({
      path: '/scans/uploads',
      maxBytes: scanLimits.bytes,
      folder: join(resolve(this.config.ATTUNE_DATA_DIR), 'scan-uploads'),
      uploaderOf: async (request) => scanUploaderFor(requireActor(request.identity), this.start),
      origins: this.config.ALLOWED_ORIGINS,
      logger: this.logger,
    });
    await uploads.install(this.host.httpAdapter.getInstance<FastifyInstance>());
    this.timer = setInterval(() => void uploads.forget().catch(() => undefined), sweep).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
