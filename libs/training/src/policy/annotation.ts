import { fail, refuseInput, type Failure } from '#libs/kernel';
import type { DatasetTask, LabelledImage } from '../model/dataset.js';
import { outsideOf, type PictureSize } from './boxes.js';
import { wrongNames } from './files-to-label.js';

/** What is said of an image: the label of the whole, or the boxes on it. The other one is null. */
export type Annotation = Pick<LabelledImage, 'label' | 'boxes'>;

/** Refuses what a dataset of a task does not take; null for nothing. */
export function wrongForTask(task: DatasetTask, { label, boxes }: Annotation): Failure | null {
  const [wanted, other] = task === 'object-detection' ? (['boxes', 'label'] as const) : (['label', 'boxes'] as const);
  const given = { label, boxes };
  const issues = [
    ...(given[wanted] === null ? [{ path: wanted, message: `is needed: the dataset is for ${task}` }] : []),
    ...(given[other] === null ? [] : [{ path: other, message: `is not taken: the dataset is for ${task}` }]),
  ];
  return issues.length === 0 ? null : refuseInput(issues);
}

/** Refuses names and boxes that no image may have; null for nothing. */
export function wrongAnnotation(
  { label, boxes, group }: Annotation & Pick<LabelledImage, 'group'>,
  size: PictureSize,
): Failure | null {
  const wrong = wrongNames({ label, group });
  if (wrong !== null) return fail('INVALID_INPUT', wrong);
  const outside = outsideOf(boxes ?? [], size);
  return outside.length === 0 ? null : refuseInput(outside);
}

/** The labels that an image holds, each once, in the order of its boxes. */
export function labelsOf({ label, boxes }: Annotation): readonly string[] {
  return label === null ? [...new Set((boxes ?? []).map((box) => box.label))] : [label];
}
