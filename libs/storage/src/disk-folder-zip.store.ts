import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, isId, type Failure } from '#libs/kernel';
import { FolderZipStore, importLimits, type FolderZipName, type OpenFolders } from '#libs/training';
import { measureFile, orNone, takeOver } from './durable-file.js';
import { ZipArchive, type ZipTrouble } from './zip.archive.js';

/** Systems add files of their own, up to one beside each. */
const mostFiles = 2 * importLimits.files + 100;

const troubles: Record<ZipTrouble, Failure> = {
  'not-a-zip': fail('INVALID_INPUT', 'It is no zip, or one that is damaged or encrypted.'),
  'too-many': fail('TOO_LARGE', `A zip of folders may have ${importLimits.files} files. Send it in parts.`),
  'unknown-names': fail(
    'INVALID_INPUT',
    'The names in the zip are not in UTF-8. Make it with a program that writes UTF-8, such as 7-Zip, or name the folders in ASCII.',
  ),
  'unsafe-path': fail('INVALID_INPUT', 'The zip has a link, a path that leads out of it, or one path twice.'),
};

/** Keeps zips of folders on this machine's disk: `<folder>/<institution>/<import>-<sha256>.zip`. */
export class DiskFolderZipStore extends FolderZipStore {
  /** @param folder absolute path; made with the first zip */
  constructor(private readonly folder: string) {
    super();
  }

  override measure(path: string): Promise<{ sha256: string; bytes: number }> {
    return measureFile(path);
  }

  override keep(institutionId: string, zip: FolderZipName, path: string): Promise<Failure | null> {
    return takeOver(path, this.pathOf(institutionId, zip));
  }

  override async open(institutionId: string, zip: FolderZipName): Promise<OpenFolders | Failure> {
    const path = this.pathOf(institutionId, zip);
    return (await stat(path).catch(() => null)) === null ? zipGone : openFolders(path);
  }

  override async list(institutionId: string): Promise<(FolderZipName & { keptAt: Date })[]> {
    if (!isId(institutionId)) throw new Error('Not the name of an institution.');
    const place = join(this.folder, institutionId);
    const zips: (FolderZipName & { keptAt: Date })[] = [];
    for (const name of await readdir(place).catch(orNone)) {
      const [, id, sha256] = /^(.+)-([0-9a-f]{64})\.zip$/.exec(name) ?? [];
      const file = await stat(join(place, name)).catch(() => null);
      if (id !== undefined && sha256 !== undefined && isId(id) && file !== null)
        zips.push({ id, sha256, keptAt: file.mtime });
    }
    return zips;
  }

  override async remove(institutionId: string, zip: FolderZipName): Promise<void> {
    await rm(this.pathOf(institutionId, zip), { force: true });
  }

  private pathOf(institutionId: string, { id, sha256 }: FolderZipName): string {
    if (!isId(institutionId) || !isId(id) || !/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not the name of a zip.');
    return join(this.folder, institutionId, `${id}-${sha256}.zip`);
  }
}

export const zipGone = fail('NOT_FOUND', 'The zip is not on this server: its folder was emptied, or is not shared.');

/** Reads the directory of a zip of folders, or says what is wrong with it. */
export async function openFolders(path: string): Promise<OpenFolders | Failure> {
  const archive = await ZipArchive.open(path, mostFiles, { fromAnySystem: true });
  if (typeof archive === 'string') return troubles[archive];
  return {
    files: archive.files,
    read: (name) => archive.read(name).catch(nothingOfDamaged),
    close: () => archive.close(),
  };
}

/** What the disk says is thrown on; all else is said of the bytes that are there. */
function nothingOfDamaged(error: NodeJS.ErrnoException): null {
  if (error.syscall !== undefined) throw error;
  return null;
}
