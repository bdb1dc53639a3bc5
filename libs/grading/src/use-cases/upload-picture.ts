import { fail, isFailure, type Clock, type Failure } from '#libs/kernel';
import type { Actor, RateLimiter, UnitOfWork } from '#libs/identity';
import { pictureTurn, type PictureCleaner } from '#libs/learning';
import type { EarlierRequest, FileRepository, FileStore, StoredFile } from '../ports.js';

export interface UploadedPicture {
  readonly kind: 'uploaded';
  readonly file: StoredFile;
  /** True when this id was uploaded before with the same bytes: nothing changed now. */
  readonly resent: boolean;
}

/**
 * Keeps a picture: what is stored is not what was sent but a clean copy of it. The same id with the same picture is
 * the same upload.
 */
export class UploadPicture {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly files: FileRepository,
    private readonly bytes: { readonly cleaner: PictureCleaner; readonly store: FileStore },
    private readonly limiter: RateLimiter,
    private readonly clock: Clock,
  ) {}

  async execute(
    actor: Actor,
    input: { readonly id: string; readonly bytes: Uint8Array },
  ): Promise<UploadedPicture | Failure> {
    const { id } = input;
    const refused = await pictureTurn(this.limiter, actor);
    if (refused !== null) return refused;
    // A unit of work of its own, not a read: nothing may stay open while the picture waits and is decoded.
    const earlier = await this.unitOfWork.run(actor, () => this.files.findEarlier(id, input.bytes));
    if (earlier !== null) return again(actor, earlier);
    const picture = await this.bytes.cleaner.clean(input.bytes);
    if (isFailure(picture)) return picture;
    const sha256 = await this.bytes.store.put(actor.institutionId, picture.bytes);
    if (isFailure(sha256)) return sha256;
    const { mediaType, width, height } = picture;
    const file = { id, ownerId: actor.userId, sha256, mediaType, bytes: picture.bytes.length, width, height };
    return this.unitOfWork.run(actor, async () => {
      if (await this.files.insertFile(file, input.bytes, new Date(this.clock.now())))
        return { kind: 'uploaded', file, resent: false };
      // Two requests with one id at once: the other one was first.
      return again(actor, (await this.files.findEarlier(id, input.bytes))!);
    });
  }
}

function again(actor: Actor, { sameBody, record }: EarlierRequest<StoredFile>): UploadedPicture | Failure {
  if (!sameBody || record.ownerId !== actor.userId) return fail('ID_REUSED');
  return { kind: 'uploaded', file: record, resent: true };
}
