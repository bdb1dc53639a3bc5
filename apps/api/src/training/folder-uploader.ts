import { fail, isFailure, isId, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { StartImport } from '#libs/training';
import type { Uploader, UploadMetadata } from '../http/resumable-uploads.js';

/** What the metadata of an upload of folders say. */
interface Announced {
  /** Made by the client. */
  readonly id: string;
  readonly datasetId: string;
  readonly sha256: string | null;
}

/** Uploads of folders by somebody who is signed in. */
export function folderUploaderFor(actor: Actor, imports: Pick<StartImport, 'mayUpload' | 'execute'>): Uploader {
  return {
    prefix: actor.userId,
    begin: async (metadata) => {
      const announced = read(metadata);
      return isFailure(announced) ? announced : imports.mayUpload(actor, announced.datasetId);
    },
    finish: async (metadata, path) => {
      const announced = read(metadata);
      if (isFailure(announced)) return announced;
      const started = await imports.execute(actor, { ...announced, path });
      return isFailure(started) ? started : { kind: 'uploaded', importId: started.id, state: started.state };
    },
  };
}

function read({ id, datasetId, sha256 = null }: UploadMetadata): Announced | Failure {
  if (!id || !datasetId || !isId(id) || !isId(datasetId)) {
    return fail('INVALID_INPUT', 'Upload-Metadata must have `id` (a new UUID) and `datasetId`.');
  }
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) {
    return fail('INVALID_INPUT', '`sha256` in Upload-Metadata must be 64 small hexadecimal digits.');
  }
  return { id, datasetId, sha256 };
}
