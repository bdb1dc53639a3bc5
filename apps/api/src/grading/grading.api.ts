import { Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { GradingModule, TutoringModule } from '#libs/composition';
import { JobQueue } from '#libs/jobs';
import { RateLimiter } from '#libs/identity';
import { TokenService } from '#libs/security';
import { UploadRoutes } from '../http/upload-routes.js';
import { installFileBody } from '../http/file-body.js';
import { AgreementResolver } from './agreement.resolver.js';
import { AssignmentResolver } from './assignment.resolver.js';
import { BulkReviewResolver } from './bulk-review.resolver.js';
import { ExtensionResolver } from './extension.resolver.js';
import { GradesController } from './grades.controller.js';
import { PixelClassifierResolver } from './pixel-classifier.resolver.js';
import { PreviewResolver } from './preview.resolver.js';
import { RegradeResolver } from './regrade.resolver.js';
import { ReviewQueueResolver } from './review-queue.resolver.js';
import { ReviewResolver } from './review.resolver.js';
import { SubmissionResolver } from './submission.resolver.js';
import { TeachGateway } from './teach.gateway.js';
import { TeachHandlers } from './teach.handlers.js';
import { TrustResolver } from './trust.resolver.js';
import { UploadController } from './upload.controller.js';
import { WorkHandlers } from './work.handlers.js';
import { WorkUploads } from './work-uploads.js';

/** Work from handing in to review, for learners and teachers. */
@Module({
  imports: [GradingModule, TutoringModule],
  controllers: [UploadController, GradesController],
  providers: [
    AssignmentResolver,
    ExtensionResolver,
    SubmissionResolver,
    ReviewResolver,
    ReviewQueueResolver,
    BulkReviewResolver,
    RegradeResolver,
    PixelClassifierResolver,
    PreviewResolver,
    TrustResolver,
    AgreementResolver,
    WorkHandlers,
    UploadRoutes,
    WorkUploads,
    TeachHandlers,
    TeachGateway,
  ],
})
export class GradingApi implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly tokens: TokenService,
    private readonly limiter: RateLimiter,
    private readonly jobs: JobQueue,
  ) {}

  onModuleInit(): void {
    installFileBody(this.host.httpAdapter.getInstance<FastifyInstance>(), this.tokens, this.limiter);
  }

  onApplicationBootstrap(): void {
    void this.jobs.warm();
  }
}
