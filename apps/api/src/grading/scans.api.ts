import { Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule, LearningModule, ScansModule } from '#libs/composition';
import { scanLimits, StartScans } from '#libs/grading';
import { UploadRoutes } from '../http/upload-routes.js';
import { requireActor } from '../request/actor.js';
import { AssignmentScansResolver, ScanPageResolver } from './scan-page.resolver.js';
import { ScanController } from './scan.controller.js';
import { ScanResolver } from './scan.resolver.js';
import { scanUploaderFor } from './scan-uploader.js';

/** The scanned sheets of a class, from the upload to the works that come of them. */
@Module({
  imports: [ScansModule, LearningModule, IdentityModule],
  providers: [ScanResolver, ScanPageResolver, AssignmentScansResolver, UploadRoutes],
  controllers: [ScanController],
})
export class ScansApi implements OnModuleInit {
  constructor(
    private readonly routes: UploadRoutes,
    private readonly start: StartScans,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.routes.open({
      path: '/scans/uploads',
      maxBytes: scanLimits.bytes,
      folder: 'scan-uploads',
      mostUnfinished: 10,
      uploaderOf: async (request) => scanUploaderFor(requireActor(request.identity), this.start),
    });
  }
}
