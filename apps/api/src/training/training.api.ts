import { Module, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DatasetImportsModule, DatasetsModule, TrainingModule } from '#libs/composition';
import { fail } from '#libs/kernel';
import { packageLimits } from '#libs/models';
import { importLimits, ServeRun, StartImport } from '#libs/training';
import type { Uploader, UploadMetadata } from '../http/resumable-uploads.js';
import { UploadRoutes } from '../http/upload-routes.js';
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

/** Datasets and training runs: for teachers, and for the machines that train. */
@Module({
  imports: [DatasetsModule, DatasetImportsModule, TrainingModule],
  providers: [DatasetResolver, DatasetImportResolver, TestSetResolver, RunResolver, TrainingPackage, UploadRoutes],
  controllers: [ImageController, RunController],
})
export class TrainingApi implements OnModuleInit {
  constructor(
    private readonly routes: UploadRoutes,
    private readonly serve: ServeRun,
    private readonly start: StartImport,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.routes.open({
      path: '/training/uploads',
      maxBytes: packageLimits.zipBytes,
      folder: 'uploads',
      uploaderOf: (request) => this.uploaderFor(request),
    });
    // Apart from packages, so that what was begun as one is not finished as the other.
    await this.routes.open({
      path: '/training/folders',
      maxBytes: importLimits.zipBytes,
      folder: 'folder-uploads',
      uploaderOf: async (request) => folderUploaderFor(requireActor(request.identity), this.start),
    });
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
