import { fail, isFailure, type Clock, type Failure } from '#libs/kernel';
import type { Actor, RateLimiter, UnitOfWork } from '#libs/identity';
import type { FileRepository, FileStore, PictureCleaner, StoredFile } from '../ports.js';

/** Pictures that one person may upload in a minute. */
const uploadsPerMinute = 30;

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
    const wait = await this.limiter.hit(`upload/${actor.institutionId}/${actor.userId}`, uploadsPerMinute, 60);
    if (wait !== null) return fail('RATE_LIMITED', undefined, { retryAfterSeconds: wait });
    const taken = await this.unitOfWork.read(actor, () => this.files.findFile(id));
    if (taken !== null && taken.ownerId !== actor.userId) return fail('ID_REUSED');
    const picture = await this.bytes.cleaner.clean(input.bytes);
    if (isFailure(picture)) return picture;
    const sha256 = await this.bytes.store.put(actor.institutionId, picture.bytes);
    if (isFailure(sha256)) return sha256;
    const { mediaType, width, height } = picture;
    const file = { id, ownerId: actor.userId, sha256, mediaType, bytes: picture.bytes.length, width, height };
    return this.unitOfWork.run(actor, async () => {
      if (await this.files.insertFile(file, new Date(this.clock.now())))
        return { kind: 'uploaded', file, resent: false };
      const earlier = await this.files.findFile(id);
      if (earlier?.ownerId !== actor.userId || earlier.sha256 !== sha256) return fail('ID_REUSED');
      return { kind: 'uploaded', file: earlier, resent: true };
    });
  }
}
