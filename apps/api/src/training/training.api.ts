import { join, resolve } from 'node:path';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, DatasetsModule, LOGGER, TrainingModule } from '#libs/composition';
import { fail } from '#libs/kernel';
import type { Config } from '#libs/platform';
import { ServeRun } from '#libs/training';
import { PackageUploads, type Uploader, type UploadMetadata } from '../http/package-uploads.js';
import { orThrow } from '../request/failure.js';
import { DatasetResolver } from './dataset.resolver.js';
import { ImageController } from './image.controller.js';
import { RunController } from './run.controller.js';
import { RunResolver } from './run.resolver.js';
import { runTokenOf } from './run-token.js';
import { TestSetResolver } from './test-set.resolver.js';
import { TrainingPackage } from './training-package.js';

/** Datasets and training runs: for teachers, and for the machines that train. */
@Module({
  imports: [DatasetsModule, TrainingModule],
  providers: [DatasetResolver, TestSetResolver, RunResolver, TrainingPackage],
  controllers: [ImageController, RunController],
})
export class TrainingApi implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly serve: ServeRun,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const uploads = new PackageUploads({
      path: '/training/uploads',
      folder: join(resolve(this.config.ATTUNE_DATA_DIR), 'uploads'),
      origins: this.config.ALLOWED_ORIGINS,
      uploaderOf: (request) => this.uploaderFor(request),
      logger: this.logger,
    });
    await uploads.install(this.host.httpAdapter.getInstance<FastifyInstance>());
  }

  /** A run uploads its package: `run`, its id, and `sha256` are in the metadata. */
  private async uploaderFor(request: FastifyRequest): Promise<Uploader> {
    const token = runTokenOf(request);
    const { id } = orThrow(await this.serve.mayUpload(token));
    const other = fail('INVALID_INPUT', 'Upload-Metadata must have `run`, the id of the run that the token is of.');
    const isIts = ({ run }: UploadMetadata): boolean => run === id;
    return {
      // Not by the token, which changes when a lost machine comes back.
      prefix: id,
      begin: async (metadata) => (isIts(metadata) ? null : other),
      finish: async (metadata, path) =>
        isIts(metadata) ? this.serve.finish(token, metadata['sha256'] ?? null, path) : other,
    };
  }
}
