/** Sizes that a dataset keeps to. */
export const datasetLimits = {
  /** Images that may be labelled in one request. */
  atOnce: 500,
  images: 200_000,
  labels: 1_000,
  /** Characters. */
  label: 200,
  group: 100,
  /** Images of each label below which nothing is trained: one for each split, and some to learn from. */
  imagesPerLabel: 5,
  /** Groups of each label: one for each split. */
  groupsPerLabel: 3,
} as const;
