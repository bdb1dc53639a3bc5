import { z } from 'zod';
import { isWrittenShape, marksSchema, type Mark, type Marks, type WrittenShape } from './marks.js';

/** How many things one work may tell in words. */
export const writtenAtMost = 400;

/** A mark that is told in words. */
export type WrittenMark<K extends WrittenShape['kind'] = WrittenShape['kind']> = Omit<Mark, 'shape'> & {
  readonly shape: Extract<WrittenShape, { kind: K }>;
};

/** What is wrong with a written mark; `at` is its number, `member` the member of its shape. */
export interface WrittenFault {
  readonly at: number;
  readonly member: string;
  readonly message: string;
}

/** Whether work that was handed in, and perhaps not checked yet, is told in words rather than drawn. */
export function isWritten(marks: readonly object[]): boolean {
  return marks.some((mark) => {
    const shape = (mark as { readonly shape?: { readonly kind?: unknown } | null }).shape;
    return typeof shape?.kind === 'string' && isWrittenShape({ kind: shape.kind });
  });
}

/** The marks of one kind of shape. */
export function writtenOf<K extends WrittenShape['kind']>(marks: Marks, kind: K): WrittenMark<K>[] {
  return marks.filter((mark): mark is WrittenMark<K> => mark.shape.kind === kind);
}

/**
 * Work that is told in words, as everybody can who works by keyboard or does not see: the equal of a drawing, under the same
 * criteria. A description (`text`) is taken for every kind of work; a teacher reads it.
 * @param kinds which other shapes the work can be told by
 */
export function writtenMarksSchema(
  kinds: readonly WrittenShape['kind'][],
  faultsOf: (marks: Marks) => Iterable<WrittenFault> = () => [],
): z.ZodType<Marks> {
  const taken: readonly string[] = [...kinds, 'text'];
  return marksSchema.superRefine((marks, context) => {
    const complain = (message: string, path: (string | number)[]): void =>
      context.addIssue({ code: 'custom', message, path });
    if (marks.length > writtenAtMost) complain(`tells more than ${writtenAtMost} things`, []);
    const faults = marks.flatMap(({ shape }, index) => (taken.includes(shape.kind) ? [] : [index]));
    for (const index of faults) {
      complain(`is told in words, so every shape is one of ${taken.join(', ')}`, [index, 'shape', 'kind']);
    }
    if (faults.length > 0) return;
    for (const { at, member, message } of faultsOf(marks)) complain(message, [at, 'shape', member]);
  });
}
