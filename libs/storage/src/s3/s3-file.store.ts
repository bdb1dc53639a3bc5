import { createHash } from 'node:crypto';
import type { Failure } from '#libs/kernel';
import { FileStore } from '#libs/grading';
import { keyOf } from './object-key.js';
import { S3Changed, type S3Objects } from './s3.objects.js';
import type { Spool } from './spool.js';

/** Keeps files in a bucket, named by what is in them: `files/<institution>/<sha256>`. */
export class S3FileStore extends FileStore {
  constructor(
    private readonly objects: S3Objects,
    private readonly spool: Spool,
  ) {
    super();
  }

  override async put(institutionId: string, bytes: Uint8Array): Promise<string | Failure> {
    const sha256 = digestOf(bytes);
    return (await this.objects.put(keyOf('files', institutionId, sha256), bytes)) ?? sha256;
  }

  override async get(institutionId: string, sha256: string): Promise<Uint8Array | null> {
    const key = keyOf('files', institutionId, sha256);
    const bytes = await this.objects.get(key);
    if (bytes !== null && digestOf(bytes) !== sha256) throw new S3Changed(key);
    return bytes;
  }

  override locate(institutionId: string, sha256: string): Promise<string | null> {
    return this.spool.locate(keyOf('files', institutionId, sha256), sha256);
  }

  override async remove(institutionId: string, sha256: string): Promise<void> {
    const key = keyOf('files', institutionId, sha256);
    await this.objects.remove(key);
    await this.spool.forget(key);
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
