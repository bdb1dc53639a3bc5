import type { Failure } from '#libs/kernel';
import { PictureCleaner, type CleanPicture } from '#libs/learning';
import type { ProcessDecoder } from './process-decoder.js';

/** Cleans pictures in the process that decodes. */
export class ProcessPictureCleaner extends PictureCleaner {
  constructor(private readonly decoder: ProcessDecoder) {
    super();
  }

  override clean(bytes: Uint8Array): Promise<CleanPicture | Failure> {
    return this.decoder.decode('picture', bytes);
  }
}
