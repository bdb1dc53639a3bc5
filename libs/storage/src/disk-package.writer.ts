import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageWriter } from '#libs/training';
import { writeZip } from './write-zip.js';

/** Writes packages into a folder of unfinished things. */
export class DiskPackageWriter extends PackageWriter {
  /** @param folder absolute path; made with the first package */
  constructor(private readonly folder: string) {
    super();
  }

  override async write(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const place = join(this.folder, `${randomUUID()}.package`);
    await writeZip(
      place,
      Array.from(files, ([path, bytes]) => ({ path, read: () => Promise.resolve(bytes) })),
    );
    return place;
  }

  override async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}
