import { DatasetError } from '../datasets.js';
import type { Enrolment } from './oulad-records.js';

/** Enrolments by when their presentations were held; no student and no presentation is on both sides of either line. */
export interface PresentationSplit {
  /** Scored, once: the latest presentations. */
  readonly heldOut: readonly Enrolment[];
  /** All before them. */
  readonly training: readonly Enrolment[];
  /** Of the training, the latest presentations: models are chosen on these … */
  readonly validation: readonly Enrolment[];
  /** … having learnt from the others. */
  readonly earlier: readonly Enrolment[];
}

/** Divides enrolments by time. Of a student on both sides of a line, what is before it is left out. */
export function splitByPresentation(enrolments: readonly Enrolment[]): PresentationSplit {
  // 2013B, in February, comes before 2013J, in October.
  const names = [...new Set(enrolments.map(({ presentation }) => presentation.name))].sort();
  const [second, last] = names.slice(-2);
  if (names.length < 3) throw new DatasetError('There are fewer than three presentations, one after another.');
  const [heldOut, before] = apart(enrolments, last!);
  const training = withoutStudentsOf(heldOut, before);
  const [validation, earliest] = apart(training, second!);
  return { heldOut, training, validation, earlier: withoutStudentsOf(validation, earliest) };
}

function apart(enrolments: readonly Enrolment[], name: string): [Enrolment[], Enrolment[]] {
  return [
    enrolments.filter(({ presentation }) => presentation.name === name),
    enrolments.filter(({ presentation }) => presentation.name !== name),
  ];
}

function withoutStudentsOf(others: readonly Enrolment[], enrolments: readonly Enrolment[]): Enrolment[] {
  const students = new Set(others.map(({ student }) => student));
  return enrolments.filter(({ student }) => !students.has(student));
}
