import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { DatasetImport } from './model/dataset-import.js';

/** Zips of folders on their way into datasets. All verbs run inside a unit of work. */
export abstract class DatasetImportRepository {
  abstract findImport(id: string): Promise<DatasetImport | null>;
  /** Reads it under a row lock, so that those who go on with it take turns. */
  abstract lockImport(id: string): Promise<DatasetImport | null>;
  /** False when its id is taken. */
  abstract insertImport(started: DatasetImport): Promise<boolean>;
  abstract updateImport(
    id: string,
    change: Partial<Omit<DatasetImport, 'id' | 'datasetId' | 'sha256' | 'bytes' | 'createdBy' | 'createdAt'>>,
  ): Promise<void>;
  /** By dataset, newest first. */
  abstract listImports(
    datasetIds: readonly string[],
    page: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<string, Page<DatasetImport>>>;
}

/** Has a zip brought in by a worker, as part of the unit of work that is open. */
export abstract class ImportQueue {
  abstract enqueueImport(importId: string): Promise<void>;
}

/** A file in a zip, as its directory tells it. */
export interface PackedFile {
  /** As in the zip, with `/` between folders; leads nowhere else. */
  readonly path: string;
  /** Bytes when unpacked; reading gives exactly as many, or nothing. */
  readonly bytes: number;
}

/** A zip of folders that is open. Files are unpacked one at a time, into memory. */
export interface OpenFolders {
  readonly files: readonly PackedFile[];
  /** Null for one that is damaged, or longer than the directory says. */
  read(path: string): Promise<Uint8Array | null>;
  close(): void;
}

/** Which zip: the same id with other bytes is another one. */
export type FolderZipName = Pick<DatasetImport, 'id' | 'sha256'>;

/** Where zips of folders lie until they are brought in; apart for each institution. */
export abstract class FolderZipStore {
  /** SHA-256 in small hexadecimal digits, and length, of a file on this machine. */
  abstract measure(path: string): Promise<Pick<DatasetImport, 'sha256' | 'bytes'>>;
  /** Takes a file over, durably: it is moved or copied. Refused with UNAVAILABLE when there is no room. */
  abstract keep(institutionId: string, zip: FolderZipName, path: string): Promise<Failure | null>;
  /**
   * Reads the directory of a zip. Refused: NOT_FOUND where it is not there; INVALID_INPUT for what is no zip, is encrypted,
   * or has links, paths that lead out, or one path twice; TOO_LARGE for a directory that is far too long.
   */
  abstract open(institutionId: string, zip: FolderZipName): Promise<OpenFolders | Failure>;
  /** Those of an institution, and when each came. */
  abstract list(institutionId: string): Promise<readonly (FolderZipName & { readonly keptAt: Date })[]>;
  /** Harmless where it is not there. */
  abstract remove(institutionId: string, zip: FolderZipName): Promise<void>;
}
