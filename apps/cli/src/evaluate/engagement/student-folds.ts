import type { Rng } from '#libs/kernel';
import { DatasetError } from '../datasets.js';

export const folds = 5;

/** Examples by their numbers: those that are asked in a fold, those learnt from, and how the latter are divided to choose settings. */
export interface Fold {
  readonly asked: readonly number[];
  readonly learnt: readonly number[];
  readonly validation: readonly number[];
  readonly earlier: readonly number[];
}

/** The fold of each student: they are dealt out in an order that is drawn. */
export function dealStudents(students: readonly string[], rng: Rng): ReadonlyMap<string, number> {
  const drawn = [...new Set(students)].map((student) => ({ student, place: rng() }));
  if (drawn.length < folds) throw new DatasetError(`There are fewer than ${folds} students.`);
  drawn.sort((a, b) => a.place - b.place);
  return new Map(drawn.map(({ student }, index) => [student, index % folds]));
}

/**
 * Divides examples for a fold; settings are chosen on the next one.
 * @param students whose each example is
 */
export function divideFor(fold: number, students: readonly string[], foldOf: ReadonlyMap<string, number>): Fold {
  const numbers = (isIn: (other: number) => boolean): number[] =>
    students.flatMap((student, at) => (isIn(foldOf.get(student)!) ? [at] : []));
  const next = (fold + 1) % folds;
  return {
    asked: numbers((other) => other === fold),
    learnt: numbers((other) => other !== fold),
    validation: numbers((other) => other === next),
    earlier: numbers((other) => other !== fold && other !== next),
  };
}
