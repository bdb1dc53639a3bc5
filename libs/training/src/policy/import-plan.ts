import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Labelled } from '../datasets.ports.js';
import type { PackedFile } from '../imports.ports.js';
import type { SplitBy } from '../model/dataset.js';
import type { DatasetImport, ImportCounts, RefusedFile } from '../model/dataset-import.js';
import { datasetLimits, importLimits } from './dataset-limits.js';
import type { FileToTake } from './boxes-file.js';
import { filesToLabel, placeOfFiles, wrongNames } from './files-to-label.js';

/** What is to be done with one file of a zip: it is taken, or refused before it is read. */
export type ImportStep = FileToTake | RefusedFile;

/**
 * Looks at the directory of a zip before anything in it is unpacked. The same zip gives the same steps in the same order, so
 * that their number says where to go on. Refused as a whole: one without files at their place, with more files, more bytes or
 * more labels than {@link importLimits} and {@link datasetLimits} allow.
 */
export function planImport(packed: readonly PackedFile[], splitBy: SplitBy): readonly ImportStep[] | Failure {
  const bytesOf = new Map(packed.map(({ path, bytes }) => [path, bytes]));
  const { files, strays } = filesToLabel([...bytesOf.keys()], splitBy);
  const count = files.length + strays.length;
  const refused = tooMuchInZip(count, packed);
  if (refused !== null) return refused;
  const labels = new Set(files.map(({ label }) => label)).size;
  if (labels > datasetLimits.labels) return tooMuch(`${datasetLimits.labels} labels; this one has ${labels}`);
  const place = placeOfFiles(splitBy);
  if (files.length === 0) {
    return fail(
      'INVALID_INPUT',
      `No file lies in ${place}. Zip the folders of the labels, without a folder around them.`,
    );
  }
  return [
    ...strays.map((path) => refusedFile(path, fail('INVALID_INPUT', `It does not lie in ${place}.`))),
    ...files.map((file) => {
      const wrong = wrongNames(file);
      if (wrong !== null) return refusedFile(file.path, fail('INVALID_INPUT', wrong));
      return notTooLarge(file, bytesOf.get(file.path)!);
    }),
  ];
}

/**
 * Refuses a zip without files, with more of them or with more bytes than {@link importLimits} allow.
 * @param count of the files that are not passed over
 */
export function tooMuchInZip(count: number, packed: readonly PackedFile[]): Failure | null {
  if (count === 0) return fail('INVALID_INPUT', 'The zip has no files.');
  if (count > importLimits.files) return tooMuch(`${importLimits.files} files; this one has ${count}`);
  const total = packed.reduce((sum, { bytes }) => sum + bytes, 0);
  return total > importLimits.unpackedBytes ? tooMuch(`${importLimits.unpackedBytes} bytes, unpacked`) : null;
}

/** @param bytes of the picture, unpacked */
export function notTooLarge(file: FileToTake, bytes: number): ImportStep {
  const isTooLarge = bytes > importLimits.pictureBytes;
  return isTooLarge ? refusedFile(file.path, fail('TOO_LARGE', 'A picture may have 12 MB.')) : file;
}

function tooMuch(what: string): Failure {
  return fail('TOO_LARGE', `A zip of folders may have ${what}. Send it in parts.`);
}

/** A file that is not taken, with a path that can be stored and shown whatever it was. */
export function refusedFile(path: string, { code, message }: Failure): RefusedFile {
  const shown = path.replaceAll(/\p{Cc}|\p{Surrogate}/gu, '\ufffd');
  return {
    path: shown.length > importLimits.path ? `${shown.slice(0, importLimits.path - 1)}…` : shown,
    code,
    message,
  };
}

/** How many files of a zip were looked at; the number of its next step. */
export function lookedAt({ added, relabelled, unchanged, refused }: ImportCounts): number {
  return added + relabelled + unchanged + refused;
}

/** The counts of an import after one more file, whose refusal is told while there is room. */
export function counted(
  { added, relabelled, unchanged, refused, refusals }: DatasetImport,
  path: string,
  outcome: Labelled | Failure,
): ImportCounts & Pick<DatasetImport, 'refusals'> {
  const before = { added, relabelled, unchanged, refused, refusals };
  if (!isFailure(outcome)) return { ...before, [outcome]: before[outcome] + 1 };
  const isTold = refusals.length < importLimits.told;
  return { ...before, refused: refused + 1, refusals: isTold ? [...refusals, refusedFile(path, outcome)] : refusals };
}
