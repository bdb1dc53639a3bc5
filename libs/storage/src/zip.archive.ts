import { buffer } from 'node:stream/consumers';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

/** A file in a zip, as its directory tells it. */
export interface ZipEntry {
  readonly path: string;
  /** Bytes when unpacked; reading gives exactly as many, or fails. */
  readonly bytes: number;
}

/** Why a zip is not opened: it is none, has an entry that no archive of ours has, or names in an alphabet that it does not tell. */
export type ZipTrouble = 'not-a-zip' | 'too-many' | 'unsafe-path' | 'unknown-names';

/** Bytes that the directory of a zip may have: each entry is held in memory. */
const directoryLimit = 64 * 1024 * 1024;

/** The files of a zip, read one by one. Nothing is written to disk, so no path in it can lead anywhere. */
export class ZipArchive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly byPath: ReadonlyMap<string, Entry>,
  ) {}

  /**
   * Reads the directory of a zip. Folders are left out; a link, an encrypted file, a path that leads out, and one that
   * stands there twice are refused.
   * @param most files
   * @param fromAnySystem takes names as systems write them that keep to no standard: with `\` between folders, and in UTF-8
   *   without saying so
   */
  static async open(path: string, most: number, { fromAnySystem = false } = {}): Promise<ZipArchive | ZipTrouble> {
    const zip = await openPromise(path, { autoClose: false, strictFileNames: !fromAnySystem }).catch(() => null);
    if (zip === null) return 'not-a-zip';
    const byPath = new Map<string, Entry>();
    let directory = 0;
    let trouble: ZipTrouble | null = zip.entryCount > 2 * most + 100 ? 'too-many' : null;
    try {
      if (trouble === null) {
        for await (const entry of zip.eachEntry()) {
          directory += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
          if (directory > directoryLimit) trouble = 'too-many';
          if (trouble !== null) break;
          const name = fromAnySystem ? nameOf(entry) : entry.fileName;
          if (name?.endsWith('/')) continue;
          if (name === null) trouble = 'unknown-names';
          else if (entry.isEncrypted()) trouble = 'not-a-zip';
          else if (isLink(entry) || byPath.has(name)) trouble = 'unsafe-path';
          else if (byPath.size >= most) trouble = 'too-many';
          if (trouble !== null || name === null) break;
          byPath.set(name, entry);
        }
      }
    } catch (error) {
      // The library refuses names itself, and says so in words only.
      trouble = /file ?name|path|characters/i.test((error as Error).message) ? 'unsafe-path' : 'not-a-zip';
    }
    if (trouble === null) return new ZipArchive(zip, byPath);
    zip.close();
    return trouble;
  }

  get files(): ZipEntry[] {
    return Array.from(this.byPath, ([path, { uncompressedSize }]) => ({ path, bytes: uncompressedSize }));
  }

  /** @throws when the file is damaged, or longer than the directory says */
  async read(path: string): Promise<Buffer> {
    const entry = this.byPath.get(path);
    if (entry === undefined) throw new Error('There is no such file in the zip.');
    return buffer(await this.zip.openReadStreamPromise(entry));
  }

  close(): void {
    this.zip.close();
  }
}

/** Whether an entry was a symbolic link where it was packed (upper half of its attributes: the mode of Unix). */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

const marksUtf8 = 0x800;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The name of an entry; one that is not said to be UTF-8 is so all the same where its bytes are, as macOS writes it. Null for one
 * in an alphabet of its system, such as GBK: taken for another one it would read as something else.
 */
function nameOf({ fileName, fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string | null {
  const isToldOtherwise = (generalPurposeBitFlag & marksUtf8) !== 0 || extraFields.some(({ id }) => id === 0x7075);
  if (isToldOtherwise) return fileName;
  try {
    return utf8.decode(fileNameRaw).replaceAll('\\', '/');
  } catch {
    return null;
  }
}

/** How many files a zip of so many may have: systems add files of their own, up to one beside each. */
export function mostFilesFor(files: number): number {
  return 2 * files + 100;
}

/** For reading a file of a zip: what the disk says is thrown on; all else is said of the bytes that are there. */
export function nothingOfDamaged(error: NodeJS.ErrnoException): null {
  if (error.syscall !== undefined) throw error;
  return null;
}
