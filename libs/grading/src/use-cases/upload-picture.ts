import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor, RateLimiter } from '#libs/identity';
import { pictureTurn, type PictureCleaner } from '#libs/learning';
import type { EarlierRequest, FileStore, StoredFile } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';

export interface UploadedPicture {
  readonly kind: 'uploaded';
  readonly file: StoredFile;
  /** True when this id was uploaded before with the same bytes: nothing changed now. */
  readonly resent: boolean;
}

interface UploadDependencies extends Pick<GradingDependencies, 'unitOfWork' | 'files' | 'clock'> {
  readonly cleaner: PictureCleaner;
  readonly store: FileStore;
  readonly limiter: RateLimiter;
}

/**
 * Keeps a picture: what is stored is not what was sent but a clean copy of it. The same id with the same picture is
 * the same upload.
 */
export class UploadPicture {
  constructor(private readonly deps: UploadDependencies) {}

  async execute(
    actor: Actor,
    input: { readonly id: string; readonly bytes: Uint8Array },
  ): Promise<UploadedPicture | Failure> {
    const { id } = input;
    const { unitOfWork, files, cleaner, store, limiter, clock } = this.deps;
    const refused = await pictureTurn(limiter, actor);
    if (refused !== null) return refused;
    // A unit of work of its own, not a read: nothing may stay open while the picture waits and is decoded.
    const earlier = await unitOfWork.run(actor, () => files.findEarlier(id, input.bytes));
    if (earlier !== null) return again(actor, earlier);
    const picture = await cleaner.clean(input.bytes);
    if (isFailure(picture)) return picture;
    const sha256 = await store.put(actor.institutionId, picture.bytes);
    if (isFailure(sha256)) return sha256;
    const { mediaType, width, height } = picture;
    const file = { id, ownerId: actor.userId, sha256, mediaType, bytes: picture.bytes.length, width, height };
    return unitOfWork.run(actor, async () => {
      if (await files.insertFile(file, input.bytes, new Date(clock.now())))
        return { kind: 'uploaded', file, resent: false };
      // Two requests with one id at once: the other one was first.
      return again(actor, (await files.findEarlier(id, input.bytes))!);
    });
  }
}

function again(actor: Actor, { sameBody, record }: EarlierRequest<StoredFile>): UploadedPicture | Failure {
  if (!sameBody || record.ownerId !== actor.userId) return fail('ID_REUSED');
  return { kind: 'uploaded', file: record, resent: true };
}
