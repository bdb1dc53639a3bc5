import { Module, type OnModuleInit } from '@nestjs/common';
import { DatasetsModule, ModelsModule } from '#libs/composition';
import { packageLimits, UploadModel } from '#libs/models';
import { UploadRoutes } from '../http/upload-routes.js';
import { requireActor } from '../request/actor.js';
import { ModelResolver } from './model.resolver.js';
import { uploaderFor } from './package-uploader.js';

/** Trained models and how they come in, for teachers. */
@Module({ imports: [ModelsModule, DatasetsModule], providers: [ModelResolver, UploadRoutes] })
export class ModelsApi implements OnModuleInit {
  constructor(
    private readonly routes: UploadRoutes,
    private readonly upload: UploadModel,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.routes.open({
      path: '/models/uploads',
      maxBytes: packageLimits.zipBytes,
      folder: 'uploads',
      uploaderOf: async (request) => uploaderFor(requireActor(request.identity), this.upload),
    });
  }
}
