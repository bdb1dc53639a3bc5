import { join, resolve } from 'node:path';
import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, DatasetImportsModule, DatasetsModule, LOGGER, TrainingModule } from '#libs/composition';
import { fail } from '#libs/kernel';
import { packageLimits } from '#libs/models';
import type { Config } from '#libs/platform';
import { importLimits, ServeRun, StartImport } from '#libs/training';
import {
  ResumableUploads,
  type ResumableUploadOptions,
  type Uploader,
  type UploadMetadata,
} from '../http/resumable-uploads.js';
import { toUploadedModel } from '../models/package-uploader.js';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { DatasetImportResolver } from './dataset-import.resolver.js';
import { DatasetResolver } from './dataset.resolver.js';
import { folderUploaderFor } from './folder-uploader.js';
import { ImageController } from './image.controller.js';
import { RunController } from './run.controller.js';
import { RunResolver } from './run.resolver.js';
import { runTokenOf } from './run-token.js';
import { TestSetResolver } from './test-set.resolver.js';
import { TrainingPackage } from './training-package.js';

/** How often unfinished uploads of folders are looked through, in milliseconds. */
const sweep = 3_600_000;

/** Datasets and training runs: for teachers, and for the machines that train. */
@Module({
  imports: [DatasetsModule, DatasetImportsModule, TrainingModule],
  providers: [DatasetResolver, DatasetImportResolver, TestSetResolver, RunResolver, TrainingPackage],
  controllers: [ImageController, RunController],
})
export class TrainingApi implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly serve: ServeRun,
    private readonly start: StartImport,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.install({
      path: '/training/uploads',
      maxBytes: packageLimits.zipBytes,
      folder: 'uploads',
      uploaderOf: (request) => this.uploaderFor(request),
    });
    // Apart from packages, so that what was begun as one is not finished as the other.
    const folders = await this.install({
      path: '/training/folders',
      maxBytes: importLimits.zipBytes,
      folder: 'folder-uploads',
      uploaderOf: async (request) => folderUploaderFor(requireActor(request.identity), this.start),
    });
    this.timer = setInterval(() => void folders.forget().catch(() => undefined), sweep).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @param options `folder`: its name among the data */
  private async install(options: Omit<ResumableUploadOptions, 'origins' | 'logger'>): Promise<ResumableUploads> {
    const uploads = new ResumableUploads({
      ...options,
      folder: join(resolve(this.config.ATTUNE_DATA_DIR), options.folder),
      origins: this.config.ALLOWED_ORIGINS,
      logger: this.logger,
    });
    await uploads.install(this.host.httpAdapter.getInstance<FastifyInstance>());
    return uploads;
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
        isIts(metadata) ? toUploadedModel(await this.serve.finish(token, metadata['sha256'] ?? null, path)) : other,
    };
  }
}
