import type { Failure } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import type { fileTypes } from './model/work-file.js';
import type { EarlierRequest } from './ports.js';

/** A file that was handed in; a package stays where it is, at a path of this machine. */
export type OpenFile =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array; readonly width: number; readonly height: number }
  | { readonly kind: 'predictions'; readonly bytes: Uint8Array }
  | { readonly kind: 'package'; readonly path: string };

/** The bytes of files, by their SHA-256 in lower-case hexadecimal; apart for each institution. */
export abstract class FileStore {
  /** Stores bytes durably and gives their digest. Refuses with UNAVAILABLE when there is no room. */
  abstract put(institutionId: string, bytes: Uint8Array): Promise<string | Failure>;
  /** Null when they are not there. */
  abstract get(institutionId: string, sha256: string): Promise<Uint8Array | null>;
  /** A path on this machine where they can be read; null when they are not there. */
  abstract locate(institutionId: string, sha256: string): Promise<string | null>;
  /** Harmless where they are not there. */
  abstract remove(institutionId: string, sha256: string): Promise<void>;
}

/** What pictures look like, for telling which look alike. */
export abstract class PictureLooks {
  /** Perceptual hashes of a clean picture in four turns, as signed 64-bit numbers: see `perceptual-hash.ts`. */
  abstract looksOf(bytes: Uint8Array): Promise<readonly bigint[]>;
}

/** What is known of a stored file. */
export interface StoredFile {
  readonly id: string;
  readonly ownerId: string;
  readonly sha256: string;
  readonly mediaType: CleanPicture['mediaType'] | (typeof fileTypes)[keyof typeof fileTypes];
  readonly bytes: number;
  /** Of a picture, in pixels. */
  readonly width: number | null;
  readonly height: number | null;
}

/** Files. All verbs run inside a unit of work. */
export abstract class FileRepository {
  abstract findFile(id: string): Promise<StoredFile | null>;
  abstract findFiles(ids: readonly string[]): Promise<StoredFile[]>;
  /** @param sent the bytes as they were sent: what is kept is encoded anew, by an encoder that may change */
  abstract findEarlier(id: string, sent: Uint8Array): Promise<EarlierRequest<StoredFile> | null>;
  /** Bytes of tables and packages of somebody that are handed in nowhere. */
  abstract countLooseBytes(ownerId: string): Promise<number>;
  /**
   * Removes tables and packages that were uploaded before and are handed in nowhere; gives the digests that no file has any
   * more.
   */
  abstract removeLoose(before: Date): Promise<readonly string[]>;
  /**
   * Tells whether it was stored: an id that is taken is left alone.
   * @param sent null for a page of scans, which nobody sends again by itself
   * @param looks of a picture; else empty
   */
  abstract insertFile(file: StoredFile, sent: Uint8Array | null, looks: readonly bigint[], at: Date): Promise<boolean>;
}
