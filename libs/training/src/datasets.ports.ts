import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { LabelledImage, TrainingDataset } from './model/dataset.js';
import type { TestSet } from './model/test-set.js';

/** How many images of a dataset have a label, or a box of it, and of how many groups. */
export interface LabelCount {
  readonly label: string;
  readonly images: number;
  readonly groups: number;
  /** Null where the dataset is for classification. */
  readonly boxes: number | null;
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
  /** Of the datasets that runs learn from, the images with these digests; by run. */
  abstract findOfRuns(
    runIds: readonly string[],
    digests: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, readonly LabelledImage[]>>;
  /**
   * Adds an image to a locked dataset; where it has these bytes, they are labelled anew. `from-elsewhere`: they are those of
   * another work, or of an upload, and stay as they are. Null: the id is taken.
   */
  abstract saveImage(image: LabelledImage): Promise<Labelled | 'from-elsewhere' | null>;
  /** Tells how many there were. */
  abstract removeImages(datasetId: string, ids: readonly string[]): Promise<number>;
  /** Deletes those whose learner does not consent to training any more. By dataset, how many there were. */
  abstract removeWithdrawn(now: Date): Promise<ReadonlyMap<string, number>>;
}

/** A picture that may be labelled. */
export interface AvailablePicture {
  readonly sha256: string;
  readonly mediaType: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
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
  abstract findOfDataset(datasetId: string): Promise<TestSet | null>;
  /** False when its id is taken, or the dataset has one. */
  abstract insertTestSet(testSet: TestSet): Promise<boolean>;
  /** Newest first. */
  abstract listTestSets(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TestSet>>;
}
