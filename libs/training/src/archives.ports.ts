import type { Failure } from '#libs/kernel';
import type { ArchiveStanding } from './policy/archive-retention.js';

/** A file of an archive. */
export interface ArchiveFile {
  readonly path: string;
  /** Called when its turn comes; null where the bytes are gone. */
  readonly read: () => Promise<Uint8Array | null>;
}

/** An archive as it lies in the store. */
export interface StoredArchive {
  readonly sha256: string;
  readonly writtenAt: Date;
}

/** Where frozen datasets lie, by institution and SHA-256. */
export abstract class ArchiveStore {
  /** Packs files in their order; the same files give the same bytes. Refused with NOT_FOUND where one is gone. */
  abstract write(
    institutionId: string,
    files: readonly ArchiveFile[],
  ): Promise<{ readonly sha256: string; readonly bytes: number } | Failure>;
  /**
   * Reads files of an archive, held in memory: for small ones.
   * @throws where the archive or one of the files is not there, or is damaged
   */
  abstract read(
    institutionId: string,
    sha256: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>>;
  /** A path on this machine where the archive can be read; null where it is not there. */
  abstract locate(institutionId: string, sha256: string): Promise<string | null>;
  /** Those of an institution, and when each was written last. */
  abstract list(institutionId: string): Promise<readonly StoredArchive[]>;
  /** Deletes what a server was killed over while it wrote, before a time. */
  abstract removeUnfinished(institutionId: string, before: Date): Promise<void>;
  /** Deletes one. Harmless where it is not there. */
  abstract remove(institutionId: string, sha256: string): Promise<void>;
}

/**
 * Whose works archives hold, and which runs need them. All verbs but the first run inside a unit of work; those that lock
 * keep it until its end, so that an archive is not deleted while a run comes to need it.
 */
export abstract class ArchiveLedger {
  /** The institutions in which there may be images or archives to delete. */
  abstract institutions(): Promise<string[]>;
  /** Notes an archive that was frozen, and whose works it holds, as pseudonyms: with those that it is known to hold. */
  abstract note(sha256: string, learners: readonly string[], frozenAt: Date): Promise<void>;
  /** Whether it is known whose works an archive holds, and all of them consent now to training. */
  abstract mayBeGiven(sha256: string, now: Date): Promise<boolean>;
  /** The same, under a lock. */
  abstract holdToGive(sha256: string, now: Date): Promise<boolean>;
  /** The runs that wait and whose archive may not be given out. */
  abstract listWithheld(now: Date): Promise<string[]>;
  /** How it stands with an archive of the store, known or not, under a lock. */
  abstract lockStanding(archive: StoredArchive, now: Date): Promise<ArchiveStanding>;
  /** Forgets a locked one. */
  abstract forget(sha256: string): Promise<void>;
}
