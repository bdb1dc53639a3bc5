import { fail, type Failure } from '#libs/kernel';
import { FolderZipStore, importLimits, type FolderZipName, type OpenFolders } from '#libs/training';
import { measureFile } from './durable-file.js';
import { KeptUploads } from './kept-uploads.js';
import { mostFilesFor, nothingOfDamaged, ZipArchive, type ZipTrouble } from './zip.archive.js';

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
  private readonly kept: KeptUploads;

  /** @param folder absolute path; made with the first zip */
  constructor(folder: string) {
    super();
    this.kept = new KeptUploads(folder, 'zip');
  }

  override measure(path: string): Promise<{ sha256: string; bytes: number }> {
    return measureFile(path);
  }

  override keep(institutionId: string, zip: FolderZipName, path: string): Promise<Failure | null> {
    return this.kept.keep(institutionId, zip, path);
  }

  override async open(institutionId: string, zip: FolderZipName): Promise<OpenFolders | Failure> {
    const path = await this.kept.find(institutionId, zip);
    if (path === null) {
      return fail('NOT_FOUND', 'The zip is not on this server: its folder was emptied, or is not shared.');
    }
    const archive = await ZipArchive.open(path, mostFilesFor(importLimits.files), { fromAnySystem: true });
    if (typeof archive === 'string') return troubles[archive];
    return {
      files: archive.files,
      read: (name) => archive.read(name).catch(nothingOfDamaged),
      close: () => archive.close(),
    };
  }

  override list(institutionId: string): Promise<(FolderZipName & { keptAt: Date })[]> {
    return this.kept.list(institutionId);
  }

  override remove(institutionId: string, zip: FolderZipName): Promise<void> {
    return this.kept.remove(institutionId, zip);
  }
}
