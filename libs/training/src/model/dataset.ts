import type { DatasetCard, ModelTask } from '#libs/models';

/** Why examples may be used for training; see the manifest. */
export type ConsentBasis = DatasetCard['consentBasis'];
/** What never stands in two splits. */
export type SplitBy = DatasetCard['splitBy'];

/** What models can learn from a dataset: one label of a picture, or where on it things are. */
export const datasetTasks = ['image-classification', 'object-detection'] as const satisfies readonly ModelTask[];
export type DatasetTask = (typeof datasetTasks)[number];

/** Labelled images of a course, from which models are trained. */
export interface TrainingDataset {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
  readonly description: string;
  readonly consentBasis: ConsentBasis;
  readonly licence: string;
  /** True where a program made the images. */
  readonly isSynthetic: boolean;
  readonly splitBy: SplitBy;
  /** Chosen when it is made. */
  readonly task: DatasetTask;
  /** Pseudonym of who made it. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A thing on a picture: x and y are its left upper corner. All numbers are pixels of the picture as it is stored. */
export interface Box {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Points of the thing by name: x and y. */
  readonly keypoints: Readonly<Record<string, readonly [number, number]>>;
}

/** One image with its label, or with its boxes: as the task of its dataset wants it. The bytes lie in a store, by their SHA-256. */
export interface LabelledImage {
  readonly id: string;
  readonly datasetId: string;
  readonly sha256: string;
  readonly mediaType: string;
  /** Null in a dataset for detection. */
  readonly label: string | null;
  /** Null in a dataset for classification; none where nothing that is looked for is on the picture. */
  readonly boxes: readonly Box[] | null;
  /** The subject, student or source, as a pseudonym; null where the splits are by image. */
  readonly group: string | null;
  /** For metrics by group, such as the device. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The work that it was handed in as; null where somebody uploaded it for training. */
  readonly submissionId: string | null;
  /** Pseudonym of who labelled it. */
  readonly labelledBy: string;
  readonly labelledAt: Date;
}

/** A dataset as it was at one moment: an archive of folders by split and label, which never changes again. */
export interface FrozenDataset {
  /** Of the archive. */
  readonly sha256: string;
  readonly bytes: number;
  /** In the order of the outputs of a model. */
  readonly labels: readonly string[];
  readonly card: DatasetCard;
}
