import { join, resolve } from 'node:path';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '#libs/composition';
import { UploadFile } from '#libs/grading';
import { RateLimiter } from '#libs/identity';
import type { Config } from '#libs/platform';
import { fileBytes } from '../http/file-body.js';
import { ResumableUploads } from '../http/resumable-uploads.js';
import { requireActor } from '../request/actor.js';
import { workUploaderFor } from './work-uploader.js';

const hour = 3_600_000;
/** Milliseconds after which an upload that nobody goes on with is forgotten. */
const day = 24 * hour;
/** Uploads that one person may have begun: more photos than a work takes. */
const mostUnfinished = 16;

/** Files of work that come in pieces, over networks that break. */
@Injectable()
export class WorkUploads implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly upload: UploadFile,
    private readonly limiter: RateLimiter,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const uploads = new ResumableUploads({
      path: '/work/uploads',
      maxBytes: Math.max(...Object.values(fileBytes)),
      folder: join(resolve(this.config.ATTUNE_DATA_DIR), 'work-uploads'),
      mostUnfinished,
      keptFor: day,
      origins: this.config.ALLOWED_ORIGINS,
      uploaderOf: async (request) => workUploaderFor(requireActor(request.identity), this.upload, this.limiter),
      logger: this.logger,
    });
    await uploads.install(this.host.httpAdapter.getInstance<FastifyInstance>());
    this.timer = setInterval(() => void uploads.forget().catch(() => undefined), hour).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
