import { join, resolve } from 'node:path';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '#libs/composition';
import type { Config } from '#libs/platform';
import { ResumableUploads, type ResumableUploadOptions } from './resumable-uploads.js';

/** How often unfinished uploads are looked through, in milliseconds. */
const sweep = 3_600_000;

/** What comes in pieces is read by whoever answers, straight to disk. */
const inPieces = 'application/offset+octet-stream';

/** Opens routes for resumable uploads, and forgets what nobody goes on with. */
@Injectable()
export class UploadRoutes implements OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param options `folder`: its name among the data */
  async open(options: Omit<ResumableUploadOptions, 'origins' | 'logger'>): Promise<void> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    if (!fastify.hasContentTypeParser(inPieces)) {
      fastify.addContentTypeParser(inPieces, (_request, _body, done) => done(null));
    }
    const uploads = new ResumableUploads({
      ...options,
      folder: join(resolve(this.config.ATTUNE_DATA_DIR), options.folder),
      origins: this.config.ALLOWED_ORIGINS,
      logger: this.logger,
    });
    await uploads.install(fastify);
    this.timers.push(setInterval(() => void uploads.forget().catch(() => undefined), sweep).unref());
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}
