import { fail, isFailure, isId, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ModelPackage } from '#libs/models';
import type { UploadAnswer, Uploader, UploadMetadata } from '../http/resumable-uploads.js';

/** Uploads by somebody who is signed in: `id`, made by her, and `courseId` are in the metadata. */
export function uploaderFor(
  actor: Actor,
  models: {
    mayUpload(actor: Actor, courseId: string): Promise<Failure | null>;
    execute(
      actor: Actor,
      upload: { id: string; courseId: string; runId: null; path: string; sha256: string | null },
    ): Promise<ModelPackage | Failure>;
  },
): Uploader {
  const idsOf = ({ id, courseId }: UploadMetadata): { id: string; courseId: string } | null =>
    id && courseId && isId(id) && isId(courseId) ? { id, courseId } : null;
  const unnamed = fail('INVALID_INPUT', 'Upload-Metadata must have `id` (a new UUID) and `courseId`.');
  return {
    prefix: actor.userId,
    begin: async (metadata) => {
      const ids = idsOf(metadata);
      return ids === null ? unnamed : models.mayUpload(actor, ids.courseId);
    },
    finish: async (metadata, path) => {
      const ids = idsOf(metadata);
      return ids === null
        ? unnamed
        : toUploadedModel(
            await models.execute(actor, { ...ids, runId: null, path, sha256: metadata['sha256'] ?? null }),
          );
    },
  };
}

/** What is answered when a package has come. */
export function toUploadedModel(model: ModelPackage | Failure): UploadAnswer | Failure {
  return isFailure(model) ? model : { kind: 'uploaded', modelId: model.id, state: model.state };
}
