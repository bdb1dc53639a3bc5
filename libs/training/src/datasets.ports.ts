import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { LabelledImage, TrainingDataset } from './model/dataset.js';
import type { TestSet } from './model/test-set.js';

/** How many images of a dataset have a label, and of how many groups. */
export interface LabelCount {
  readonly label: string;
  readonly images: number;
  readonly groups: number;
}

/** What became of an image that was labelled. */
export type Labelled = 'added' | 'relabelled' | 'unchanged';

/**
 * Datasets and their images. Of images that learners handed in, only those are seen whose learner consents now to training
 * with them. All verbs run inside a unit of work.
 */
export abstract class DatasetRepository {
  abstract findDataset(id: string): Promise<TrainingDataset | null>;
  /** Reads it under a row lock, so that those who label its images take turns. */
  abstract lockDataset(id: string): Promise<TrainingDataset | null>;
  /** False when its id is taken. */
  abstract insertDataset(dataset: TrainingDataset): Promise<boolean>;
  /** Newest first. */
  abstract listDatasets(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TrainingDataset>>;
  /** By dataset, in the order of the labels. */
  abstract countLabels(datasetIds: readonly string[], now: Date): Promise<ReadonlyMap<string, readonly LabelCount[]>>;
  /** By dataset, newest first. */
  abstract listImages(
    datasetIds: readonly string[],
    page: PageRequest<TimeKey>,
    now: Date,
  ): Promise<ReadonlyMap<string, Page<LabelledImage>>>;
  /** All of a dataset, in the order of their digests. */
  abstract listAll(datasetId: string, now: Date): Promise<LabelledImage[]>;
  abstract findImage(id: string, now: Date): Promise<LabelledImage | null>;
  /**
   * Adds an image to a locked dataset; where it has these bytes, they are labelled anew. `from-elsewhere`: they are those of
   * another work, or of an upload, and stay as they are. Null: the id is taken.
   */
  abstract saveImage(image: LabelledImage): Promise<Labelled | 'from-elsewhere' | null>;
  /** Tells how many there were. */
  abstract removeImages(datasetId: string, ids: readonly string[]): Promise<number>;
}

/** A picture that may be labelled. */
export interface AvailablePicture {
  readonly sha256: string;
  readonly mediaType: string;
  /** Pseudonym of the learner who handed it in; null for an upload of the one who labels. */
  readonly pseudonym: string | null;
  /** Whether the learner consents to training with it. */
  readonly isAllowed: boolean;
}

/** Pictures that are there already: works of a course, and what somebody uploaded. Inside a unit of work. */
export abstract class PictureSource {
  /** By submission; those without a picture are left out. */
  abstract ofSubmissions(
    courseId: string,
    submissionIds: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, AvailablePicture>>;
  /** By file. */
  abstract ofUploads(ownerId: string, fileIds: readonly string[]): Promise<ReadonlyMap<string, AvailablePicture>>;
}

/** The bytes of images, by their SHA-256; apart for each institution. */
export abstract class ImageStore {
  /** Stores bytes durably and gives their digest. Refuses with UNAVAILABLE when there is no room. */
  abstract put(institutionId: string, bytes: Uint8Array): Promise<string | Failure>;
  /** Null when they are not there. */
  abstract get(institutionId: string, sha256: string): Promise<Uint8Array | null>;
}

/** Datasets that are frozen for projects. All verbs run inside a unit of work. */
export abstract class TestSetRepository {
  abstract findTestSet(id: string): Promise<TestSet | null>;
  /** False when its id is taken. */
  abstract insertTestSet(testSet: TestSet): Promise<boolean>;
  /** Newest first. */
  abstract listTestSets(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TestSet>>;
}

/** A file of an archive. */
export interface ArchiveFile {
  readonly path: string;
  /** Called when its turn comes; null where the bytes are gone. */
  readonly read: () => Promise<Uint8Array | null>;
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
}
