import type { Dataset } from './training-plan.js';

/**
 * A dataset, frozen for a project: learners get its training and validation images with their labels, and its test images
 * without. It never changes, and holds no work of a learner, because other learners get it.
 */
export interface TestSet {
  readonly id: string;
  readonly courseId: string;
  readonly datasetId: string;
  readonly name: string;
  /** By which the images were split. */
  readonly seed: number;
  readonly labels: readonly string[];
  /** Images in each split. */
  readonly examples: { readonly training: number; readonly validation: number; readonly test: number };
  /** SHA-256 of the archive that holds everything, labels of the test images included. */
  readonly sha256: string;
  /** SHA-256 and size of what learners get. */
  readonly handOut: { readonly sha256: string; readonly bytes: number };
  /** Pseudonym of who made it. */
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A test image as a project is graded on it. */
export interface TestExample {
  /** Its name in what learners get, under `test/`. */
  readonly example: string;
  /** In the archive. */
  readonly path: string;
  readonly label: string;
}

/** The test images of an archive, in the order of their names, which say nothing of the labels. */
export function testExamplesOf({ items }: Pick<Dataset, 'items'>): TestExample[] {
  return items
    .flatMap(({ path, split, label, sha256 }) =>
      split === 'test' && label !== null ? [{ example: `${sha256.slice(0, 16)}${endingOf(path)}`, path, label }] : [],
    )
    .sort((a, b) => (a.example < b.example ? -1 : 1));
}

function endingOf(path: string): string {
  return path.slice(path.lastIndexOf('.'));
}
