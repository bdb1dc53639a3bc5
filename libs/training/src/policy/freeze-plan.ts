import { refuseInput, type Failure } from '#libs/kernel';
import type { DatasetCard } from '#libs/models';
import type { Box, LabelledImage, TrainingDataset } from '../model/dataset.js';
import type { Dataset } from '../model/training-plan.js';
import { labelsOf } from './annotation.js';
import { emptySplits, shortages } from './shortages.js';
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
  const labels = [...new Set(images.flatMap(labelsOf))].sort((a, b) => a.localeCompare(b, 'en'));
  const issues = shortages(dataset, images, labels);
  if (issues.length > 0) return refuseInput(issues);
  // Where images are split one by one, whose they are has no say, and need not be told.
  const isSplitByImage = dataset.splitBy === 'image';
  const own = images.map((image) => ({
    ...image,
    labels: labelsOf(image),
    group: isSplitByImage ? null : image.group,
  }));
  const placed = splitDataset(own, seed);
  const empty = emptySplits(placed, labels, dataset);
  if (empty.length > 0) return refuseInput(empty);
  const items = own
    .map((image) => itemOf(image, placed.get(image)!, labels))
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const card = cardOf(dataset, labels, items);
  return {
    index: { schemaVersion: 1, task: dataset.task, labels, card, items },
    images: items.map(({ path, sha256 }) => ({ path, sha256 })),
    learners: learnersIn(images),
  };
}

type Item = Dataset['items'][number];

function itemOf(image: LabelledImage, split: Split, labels: readonly string[]): Item {
  const { label, sha256, group } = image;
  const folder = label === null ? 'images' : folderOf(label, labels);
  const path = `${split}/${folder}/${sha256}.${image.mediaType.slice('image/'.length).replace('jpeg', 'jpg')}`;
  const item = { path, split, label, sha256, group, attributes: { ...image.attributes } };
  return image.boxes === null ? item : { ...item, boxes: image.boxes.map(boxOf) };
}

/** Its keypoints in the order of their names, so that the same boxes are the same bytes. */
function boxOf({ label, x, y, width, height, keypoints }: Box): NonNullable<Item['boxes']>[number] {
  const points = Object.entries(keypoints)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, [left, top]]): [string, [number, number]] => [name, [left, top]]);
  return { label, x, y, width, height, keypoints: Object.fromEntries(points) };
}

/** A work has its learner as its group, also where the splits are by image. */
function learnersIn(images: readonly LabelledImage[]): string[] {
  const works = images.filter(({ submissionId }) => submissionId !== null);
  return [...new Set(works.flatMap(({ group }) => group ?? []))].sort();
}

function folderOf(label: string, labels: readonly string[]): string {
  const number = String(labels.indexOf(label)).padStart(3, '0');
  const word = label
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return word === '' ? number : `${number}-${word}`;
}

/** `perLabel` counts images, and for detection boxes. */
function cardOf(
  { description, splitBy, isSynthetic, consentBasis, licence }: TrainingDataset,
  labels: readonly string[],
  items: Dataset['items'],
): Omit<DatasetCard, 'sha256'> {
  const [training, validation, test] = splits.map((split) => items.filter((item) => item.split === split).length);
  const shown = new Map(labels.map((label) => [label, 0]));
  for (const { label, boxes } of items) {
    const each = label === null ? (boxes ?? []).map((box) => box.label) : [label];
    for (const one of each) shown.set(one, shown.get(one)! + 1);
  }
  return {
    description,
    examples: items.length,
    perLabel: Object.fromEntries(shown),
    splitBy,
    split: { training: training!, validation: validation!, test: test! },
    isSynthetic,
    consentBasis,
    licence,
  };
}
