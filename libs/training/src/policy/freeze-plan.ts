import { refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import type { DatasetCard } from '#libs/models';
import type { LabelledImage, TrainingDataset } from '../model/dataset.js';
import type { Dataset } from '../model/training-plan.js';
import { datasetLimits } from './dataset-limits.js';
import { splitDataset, splits, type Split } from './split-dataset.js';

/** What an archive of a dataset holds: `dataset.json`, and the images at the paths that it names. */
export interface FreezePlan {
  readonly index: Dataset;
  /** Digest of the image at each path. */
  readonly images: readonly { readonly path: string; readonly sha256: string }[];
  /** Pseudonyms of those whose works are among them. */
  readonly learners: readonly string[];
}

/**
 * Says which image goes where in an archive, and what the archive says of itself.
 * @returns a failure that names what is missing where too little is labelled
 */
export function freezePlan(
  dataset: TrainingDataset,
  images: readonly LabelledImage[],
  seed: number,
): FreezePlan | Failure {
  const labels = [...new Set(images.map(({ label }) => label))].sort((a, b) => a.localeCompare(b, 'en'));
  const issues = shortages(dataset, images, labels);
  if (issues.length > 0) return refuseInput(issues);
  // Where images are split one by one, whose they are has no say, and need not be told.
  const own = dataset.splitBy === 'image' ? images.map((image) => ({ ...image, group: null })) : images;
  const placed = splitDataset(own, seed);
  const empty = emptySplits(placed, labels, dataset);
  if (empty.length > 0) return refuseInput(empty);
  const items = own
    .map((image) => {
      const split = placed.get(image)!;
      const { label, sha256, group, attributes } = image;
      return { path: pathOf(image, split, labels), split, label, sha256, group, attributes: { ...attributes } };
    })
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const card = cardOf(dataset, labels, items);
  return {
    index: { schemaVersion: 1, task: 'image-classification', labels, card, items },
    images: items.map(({ path, sha256 }) => ({ path, sha256 })),
    learners: learnersIn(images),
  };
}

/** A work has its learner as its group, also where the splits are by image. */
function learnersIn(images: readonly LabelledImage[]): string[] {
  const works = images.filter(({ submissionId }) => submissionId !== null);
  return [...new Set(works.flatMap(({ group }) => group ?? []))].sort();
}

function shortages(
  { splitBy }: TrainingDataset,
  images: readonly LabelledImage[],
  labels: readonly string[],
): FailureIssue[] {
  const { imagesPerLabel, groupsPerLabel } = datasetLimits;
  if (images.length > datasetLimits.images || labels.length > datasetLimits.labels) {
    const message = `a model is trained on at most ${datasetLimits.images} images of ${datasetLimits.labels} labels`;
    return [{ path: 'labels', message }];
  }
  if (labels.length < 2) return [{ path: 'labels', message: 'at least two labels are needed to tell anything apart' }];
  return labels.flatMap((label) => {
    const own = images.filter((image) => image.label === label);
    const groups = new Set(own.map(({ group }) => group)).size;
    const path = `labels.${label}`;
    if (own.length < imagesPerLabel) {
      return [{ path, message: `needs at least ${imagesPerLabel} images; there are ${own.length}` }];
    }
    if (splitBy === 'image') return [];
    if (own.some(({ group }) => group === null)) return [{ path, message: `has images without a ${splitBy}` }];
    return groups < groupsPerLabel
      ? [{ path, message: `needs images of at least ${groupsPerLabel} ${splitBy}s; there are ${groups}` }]
      : [];
  });
}

/** Labels of which a split has nothing: it could be neither learnt nor measured. */
function emptySplits(
  placed: ReadonlyMap<LabelledImage, Split>,
  labels: readonly string[],
  { splitBy }: TrainingDataset,
): FailureIssue[] {
  const there = new Set([...placed].map(([{ label }, split]) => `${split} ${label}`));
  return labels.flatMap((label) =>
    splits
      .filter((split) => !there.has(`${split} ${label}`))
      .map((split) => ({
        path: `labels.${label}`,
        message: `has nothing left for ${split}: label images of more ${splitBy}s, or of ${splitBy}s that have less of it`,
      })),
  );
}

function pathOf({ label, sha256, mediaType }: LabelledImage, split: Split, labels: readonly string[]): string {
  const number = String(labels.indexOf(label)).padStart(3, '0');
  const word = label
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  const folder = word === '' ? number : `${number}-${word}`;
  return `${split}/${folder}/${sha256}.${mediaType.slice('image/'.length).replace('jpeg', 'jpg')}`;
}

function cardOf(
  { description, splitBy, isSynthetic, consentBasis, licence }: TrainingDataset,
  labels: readonly string[],
  items: Dataset['items'],
): Omit<DatasetCard, 'sha256'> {
  const count = (of: (item: Dataset['items'][number]) => boolean): number => items.filter(of).length;
  const [training, validation, test] = splits.map((split) => count((item) => item.split === split));
  return {
    description,
    examples: items.length,
    perLabel: Object.fromEntries(labels.map((label) => [label, count((item) => item.label === label)])),
    splitBy,
    split: { training: training!, validation: validation!, test: test! },
    isSynthetic,
    consentBasis,
    licence,
  };
}
