import type { FailureIssue } from '#libs/kernel';
import type { LabelledImage, TrainingDataset } from '../model/dataset.js';
import { labelsOf } from './annotation.js';
import { datasetLimits } from './dataset-limits.js';
import { splits, type Split, type Splittable } from './split-dataset.js';

type Kind = Pick<TrainingDataset, 'splitBy' | 'task'>;

/** What is too much or too little for a model to be trained, label by label. */
export function shortages(
  { splitBy, task }: Kind,
  images: readonly LabelledImage[],
  labels: readonly string[],
): FailureIssue[] {
  const { imagesPerLabel, groupsPerLabel } = datasetLimits;
  const isDetection = task === 'object-detection';
  const tooMuch = isDetection ? tooMuchToDetect(images, labels) : tooMuchToClassify(images, labels);
  if (tooMuch !== null) return [tooMuch];
  if (isDetection && labels.length < 1) return [{ path: 'labels', message: 'at least one box is needed' }];
  if (!isDetection && labels.length < 2) {
    return [{ path: 'labels', message: 'at least two labels are needed to tell anything apart' }];
  }
  const perLabel = imagesByLabel(images);
  const isGroupless = ({ group }: LabelledImage): boolean => splitBy !== 'image' && group === null;
  const bare = perLabel.get(noLabel)?.some(isGroupless) === true;
  const issues = labels.flatMap((label) => {
    const own = perLabel.get(label)!;
    const groups = new Set(own.map(({ group }) => group)).size;
    const path = `labels.${label}`;
    if (own.length < imagesPerLabel) {
      return [{ path, message: `needs at least ${imagesPerLabel} images; there are ${own.length}` }];
    }
    if (splitBy === 'image') return [];
    if (own.some(isGroupless)) return [{ path, message: `has images without a ${splitBy}` }];
    return groups < groupsPerLabel
      ? [{ path, message: `needs images of at least ${groupsPerLabel} ${splitBy}s; there are ${groups}` }]
      : [];
  });
  return bare ? [...issues, { path: 'images', message: `some without boxes have no ${splitBy}` }] : issues;
}

/** Labels of which a split has nothing: it could be neither learnt nor measured. */
export function emptySplits(
  placed: ReadonlyMap<Splittable, Split>,
  labels: readonly string[],
  { splitBy }: Kind,
): FailureIssue[] {
  const there = new Set([...placed].flatMap(([image, split]) => image.labels.map((label) => `${split} ${label}`)));
  return labels.flatMap((label) =>
    splits
      .filter((split) => !there.has(`${split} ${label}`))
      .map((split) => ({
        path: `labels.${label}`,
        message: `has nothing left for ${split}: label images of more ${splitBy}s, or of ${splitBy}s that have less of it`,
      })),
  );
}

function tooMuchToClassify(images: readonly LabelledImage[], labels: readonly string[]): FailureIssue | null {
  if (images.length <= datasetLimits.images && labels.length <= datasetLimits.labels) return null;
  const message = `a model is trained on at most ${datasetLimits.images} images of ${datasetLimits.labels} labels`;
  return { path: 'labels', message };
}

function tooMuchToDetect(images: readonly LabelledImage[], labels: readonly string[]): FailureIssue | null {
  const { boxLabels, keypoints } = datasetLimits;
  const names = new Set(images.flatMap(({ boxes }) => (boxes ?? []).flatMap((box) => Object.keys(box.keypoints)))).size;
  if (images.length <= datasetLimits.images && labels.length <= boxLabels && names <= keypoints) return null;
  const message = `a detector is trained on at most ${datasetLimits.images} images of ${boxLabels} labels with ${keypoints} names of keypoints`;
  return { path: 'labels', message };
}

/** Stands for images without boxes; no label is empty. */
const noLabel = '';

function imagesByLabel(images: readonly LabelledImage[]): ReadonlyMap<string, readonly LabelledImage[]> {
  const found = new Map<string, LabelledImage[]>();
  for (const image of images) {
    const own = labelsOf(image);
    for (const label of own.length > 0 ? own : [noLabel]) {
      const others = found.get(label);
      if (others === undefined) found.set(label, [image]);
      else others.push(image);
    }
  }
  return found;
}
