import type { Failure } from '#libs/kernel';

/**
 * How far a zip of folders is:
 * - waiting: it has arrived, and was not opened yet
 * - importing: its files are looked at one by one, in an order that is always the same
 * - done: each of its files is in the dataset, or among the refused
 * - failed: it could not be used as a whole, or was given up; what came in before that stays
 */
export const importStates = ['waiting', 'importing', 'done', 'failed'] as const;
export type ImportState = (typeof importStates)[number];

/** A file of a zip that was not taken. */
export interface RefusedFile extends Pick<Failure, 'code' | 'message'> {
  /** In the zip: at most {@link importLimits.path} characters, without control characters. */
  readonly path: string;
}

/** What became of the files of a zip; together, how many of them were looked at. */
export interface ImportCounts {
  readonly added: number;
  /** Pictures that the dataset had under another label or in another group. */
  readonly relabelled: number;
  /** Pictures that the dataset had just so, or that stand in the zip twice. */
  readonly unchanged: number;
  readonly refused: number;
}

/** A zip of folders on its way into a dataset. */
export interface DatasetImport extends ImportCounts {
  /** Made by who uploads it. */
  readonly id: string;
  readonly datasetId: string;
  /** Of the zip. */
  readonly sha256: string;
  readonly bytes: number;
  readonly state: ImportState;
  /** Files in it, but for what is passed over in silence; null until it was opened. */
  readonly files: number | null;
  /** The first that were refused, at most {@link importLimits.told}. */
  readonly refusals: readonly RefusedFile[];
  /** Why all of it failed; null in every other state. */
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
  /** Pseudonym of who uploaded it: the labels are hers. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Whether nothing becomes of it any more: its zip is not needed. */
export function isAtItsEnd({ state }: Pick<DatasetImport, 'state'>): boolean {
  return state === 'done' || state === 'failed';
}
