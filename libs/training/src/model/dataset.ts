import type { DatasetCard } from '#libs/models';

/** Why examples may be used for training; see the manifest. */
export type ConsentBasis = DatasetCard['consentBasis'];
/** What never stands in two splits. */
export type SplitBy = DatasetCard['splitBy'];

/** Labelled images of a course, from which models of image classification are trained. */
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
  /** Pseudonym of who made it. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** One image with its label. The bytes lie in a store, by their SHA-256. */
export interface LabelledImage {
  readonly id: string;
  readonly datasetId: string;
  readonly sha256: string;
  readonly mediaType: string;
  readonly label: string;
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
