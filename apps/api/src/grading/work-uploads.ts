import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UploadFile } from '#libs/grading';
import { RateLimiter } from '#libs/identity';
import { fileBytes } from '../http/file-body.js';
import { UploadRoutes } from '../http/upload-routes.js';
import { requireActor } from '../request/actor.js';
import { workUploaderFor } from './work-uploader.js';

/** Milliseconds after which an upload that nobody goes on with is forgotten. */
const day = 86_400_000;
/** Uploads that one person may have begun: more photos than a work takes. */
const mostUnfinished = 16;

/** Files of work that come in pieces, over networks that break. */
@Injectable()
export class WorkUploads implements OnModuleInit {
  constructor(
    private readonly routes: UploadRoutes,
    private readonly upload: UploadFile,
    private readonly limiter: RateLimiter,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.routes.open({
      path: '/submissions/uploads',
      maxBytes: Math.max(...Object.values(fileBytes)),
      folder: 'work-uploads',
      mostUnfinished,
      keptFor: day,
      uploaderOf: async (request) => workUploaderFor(requireActor(request.identity), this.upload, this.limiter),
    });
  }
}
