import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId, type Failure } from '#libs/kernel';
import { orNone, takeOver } from './durable-file.js';

/** Which upload: the same id with other bytes is another one. */
export interface UploadName {
  readonly id: string;
  /** In small hexadecimal digits. */
  readonly sha256: string;
}

/** Uploads that lie on this machine's disk until somebody is through with them: `<folder>/<institution>/<id>-<sha256>.<ending>`. */
export class KeptUploads {
  /**
   * @param folder absolute path; made with the first upload
   * @param ending of the files, without a dot
   */
  constructor(
    private readonly folder: string,
    private readonly ending: string,
  ) {}

  /** Takes a file over, durably: it is moved or copied. Refused with UNAVAILABLE when there is no room. */
  keep(institutionId: string, upload: UploadName, path: string): Promise<Failure | null> {
    return takeOver(path, this.pathOf(institutionId, upload));
  }

  /** Where it lies; null where it does not. */
  async find(institutionId: string, upload: UploadName): Promise<string | null> {
    const path = this.pathOf(institutionId, upload);
    return (await stat(path).catch(() => null)) === null ? null : path;
  }

  /** Those of an institution, and when each came. */
  async list(institutionId: string): Promise<(UploadName & { keptAt: Date })[]> {
    if (!isId(institutionId)) throw new Error('Not the name of an institution.');
    const place = join(this.folder, institutionId);
    const uploads: (UploadName & { keptAt: Date })[] = [];
    for (const name of await readdir(place).catch(orNone)) {
      const [, id, sha256, ending] = /^(.+)-([0-9a-f]{64})\.([a-z]+)$/.exec(name) ?? [];
      const file = await stat(join(place, name)).catch(() => null);
      if (id === undefined || sha256 === undefined || ending !== this.ending || !isId(id) || file === null) continue;
      uploads.push({ id, sha256, keptAt: file.mtime });
    }
    return uploads;
  }

  /** Harmless where it is not there. */
  async remove(institutionId: string, upload: UploadName): Promise<void> {
    await rm(this.pathOf(institutionId, upload), { force: true });
  }

  private pathOf(institutionId: string, { id, sha256 }: UploadName): string {
    if (!isId(institutionId) || !isId(id) || !/^[0-9a-f]{64}$/.test(sha256))
      throw new Error('Not the name of an upload.');
    return join(this.folder, institutionId, `${id}-${sha256}.${this.ending}`);
  }
}
