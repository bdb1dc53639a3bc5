import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { PictureCleaner, WorkFile } from '#libs/learning';
import { fileLimits, fileTypes, looseLimit } from '../model/work-file.js';
import type { FileStore, PictureLooks, StoredFile } from '../files.ports.js';
import type { EarlierRequest } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';

export interface UploadedFile {
  readonly kind: 'uploaded';
  readonly file: StoredFile;
  /** True when this id was uploaded before with the same bytes: nothing changed now. */
  readonly resent: boolean;
}

interface UploadDependencies extends Pick<GradingDependencies, 'unitOfWork' | 'files' | 'clock'> {
  readonly cleaner: PictureCleaner;
  readonly store: FileStore;
  readonly looks: PictureLooks;
}

/** What is kept of a file, with its bytes. */
type Kept = Pick<StoredFile, 'mediaType' | 'width' | 'height'> & { readonly bytes: Uint8Array };

/**
 * Keeps a file that work is handed in with. Of a picture a clean copy is kept and not what was sent; predictions and packages
 * are kept as they are, and looked into when they are handed in. The same id with the same bytes is the same upload.
 */
export class UploadFile {
  constructor(private readonly deps: UploadDependencies) {}

  async execute(
    actor: Actor,
    input: { readonly id: string; readonly holds: WorkFile; readonly bytes: Uint8Array },
  ): Promise<UploadedFile | Failure> {
    const { id } = input;
    const { unitOfWork, files, store, looks, clock } = this.deps;
    // A unit of work of its own, not a read: nothing may stay open while a picture waits and is decoded.
    const earlier = await unitOfWork.run(actor, () => files.findEarlier(id, input.bytes));
    if (earlier !== null) return again(actor, earlier);
    const kept = (await this.checkRoom(actor, input)) ?? (await this.take(input));
    if (isFailure(kept)) return kept;
    const seen = input.holds === 'picture' ? await looks.looksOf(kept.bytes) : [];
    const sha256 = await store.put(actor.institutionId, kept.bytes);
    if (isFailure(sha256)) return sha256;
    const { mediaType, width, height } = kept;
    const file = { id, ownerId: actor.userId, sha256, mediaType, bytes: kept.bytes.length, width, height };
    return unitOfWork.run(actor, async () => {
      if (await files.insertFile(file, input.bytes, seen, new Date(clock.now())))
        return { kind: 'uploaded', file, resent: false };
      // Two requests with one id at once: the other one was first.
      return again(actor, (await files.findEarlier(id, input.bytes))!);
    });
  }

  /** What nobody has handed in yet may not fill the disk; {@link ForgetFiles} makes room. */
  private async checkRoom(
    actor: Actor,
    { holds, bytes }: { holds: WorkFile; bytes: Uint8Array },
  ): Promise<Failure | null> {
    if (holds === 'picture') return null;
    const loose = await this.deps.unitOfWork.read(actor, () => this.deps.files.countLooseBytes(actor.userId));
    if (loose + bytes.length <= looseLimit) return null;
    return fail('TOO_LARGE', 'You have uploaded much that is handed in nowhere. Hand it in, or wait a day.');
  }

  private async take({ holds, bytes }: { holds: WorkFile; bytes: Uint8Array }): Promise<Kept | Failure> {
    if (holds === 'picture') return this.deps.cleaner.clean(bytes);
    if (bytes.length > fileLimits[holds]) return fail('TOO_LARGE', `Such a file may have ${fileLimits[holds]} bytes.`);
    const looksRight = holds === 'package' ? isZip(bytes) : isText(bytes);
    if (!looksRight)
      return fail('INVALID_INPUT', holds === 'package' ? 'This is no zip.' : 'This is no text in UTF-8.');
    return { mediaType: fileTypes[holds], bytes, width: null, height: null };
  }
}

function again(actor: Actor, { sameBody, record }: EarlierRequest<StoredFile>): UploadedFile | Failure {
  if (!sameBody || record.ownerId !== actor.userId) return fail('ID_REUSED');
  return { kind: 'uploaded', file: record, resent: true };
}

/** Whether it begins as zips with a file in them do. */
function isZip(bytes: Uint8Array): boolean {
  return [0x50, 0x4b, 0x03, 0x04].every((byte, index) => bytes[index] === byte);
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}
