/** Sizes that a dataset keeps to. */
export const datasetLimits = {
  /** Images that may be labelled in one request. */
  atOnce: 500,
  images: 200_000,
  labels: 1_000,
  /** Characters. */
  label: 200,
  group: 100,
  keypoint: 50,
  /** Boxes of one image. */
  boxes: 500,
  /** Keypoints of one box, and names of keypoints in a dataset. */
  keypoints: 20,
  /** Labels of a dataset for detection: a detector has a map for each. */
  boxLabels: 100,
  /** Images of each label, or with a box of it, below which nothing is trained: one for each split, and some to learn from. */
  imagesPerLabel: 5,
  /** Groups of each label: one for each split. */
  groupsPerLabel: 3,
} as const;

/** Sizes that a zip of folders keeps to. */
export const importLimits = {
  /** Bytes of the zip. */
  zipBytes: 2 * 1024 ** 3,
  /** Bytes of all that is in it, unpacked. */
  unpackedBytes: 4 * 1024 ** 3,
  /** Bytes of one picture, as of every upload. */
  pictureBytes: 12 * 1024 * 1024,
  files: 20_000,
  /** Bytes of `boxes.json`. */
  boxesBytes: 32 * 1024 * 1024,
  /** Refused files that are told by path. */
  told: 100,
  /** Characters of a path that is told. */
  path: 300,
  /** Milliseconds after which a worker hands an import on to whoever is next: less than it has when it is stopped. */
  turn: 4_000,
} as const;
