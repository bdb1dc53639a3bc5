import { join, resolve } from 'node:path';
import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, DatasetsModule, LOGGER, ModelsModule } from '#libs/composition';
import { packageLimits, UploadModel } from '#libs/models';
import type { Config } from '#libs/platform';
import { ResumableUploads } from '../http/resumable-uploads.js';
import { requireActor } from '../request/actor.js';
import { ModelResolver } from './model.resolver.js';
import { uploaderFor } from './package-uploader.js';

/** How often unfinished uploads are looked through, in milliseconds. */
const sweep = 3_600_000;

/** Trained models and how they come in, for teachers. */
@Module({ imports: [ModelsModule, DatasetsModule], providers: [ModelResolver] })
export class ModelsApi implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly upload: UploadModel,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    // What comes in pieces is read by whoever answers, straight to disk.
    fastify.addContentTypeParser('application/offset+octet-stream', (_request, _body, done) => done(null));
    const uploads = new ResumableUploads({
      path: '/models/uploads',
      maxBytes: packageLimits.zipBytes,
      folder: join(resolve(this.config.ATTUNE_DATA_DIR), 'uploads'),
      origins: this.config.ALLOWED_ORIGINS,
      uploaderOf: async (request) => uploaderFor(requireActor(request.identity), this.upload),
      logger: this.logger,
    });
    await uploads.install(fastify);
    this.timer = setInterval(() => void uploads.forget().catch(() => undefined), sweep).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
