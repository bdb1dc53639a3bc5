import { readFile } from 'node:fs/promises';
import { fail, isFailure, isId, type Failure } from '#libs/kernel';
import type { UploadFile } from '#libs/grading';
import type { Actor, RateLimiter } from '#libs/identity';
import { uploadTurn, type WorkFile } from '#libs/learning';
import { heldIn, refuseLength } from '../http/file-body.js';
import type { Uploader, UploadMetadata } from '../http/resumable-uploads.js';

const unnamed = fail('INVALID_INPUT', 'Upload-Metadata must have `id` (a new UUID), and `filetype` (its media type).');

/** Uploads of files that work is handed in with: `id`, made by the client, and `filetype` are in the metadata. */
export function workUploaderFor(actor: Actor, upload: Pick<UploadFile, 'execute'>, limiter: RateLimiter): Uploader {
  return {
    // Ids of people are unique among all institutions.
    prefix: actor.userId,
    begin: async (metadata, bytes) => {
      const file = fileOf(metadata);
      if (isFailure(file)) return file;
      return refuseLength(file.holds, bytes) ?? (await uploadTurn(limiter, actor, file.holds));
    },
    finish: async (metadata, path) => {
      const file = fileOf(metadata);
      if (isFailure(file)) return file;
      const outcome = await upload.execute(actor, { ...file, bytes: await readFile(path) });
      if (isFailure(outcome)) return outcome;
      const { id: fileId, mediaType, bytes, width, height } = outcome.file;
      return { kind: 'uploaded', fileId, mediaType, bytes, width, height, resent: outcome.resent };
    },
  };
}

function fileOf({ id, filetype }: UploadMetadata): { readonly id: string; readonly holds: WorkFile } | Failure {
  return id && filetype && isId(id) ? { id, holds: heldIn(filetype) } : unnamed;
}
