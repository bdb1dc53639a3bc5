import { fail, isFailure, type Failure } from '#libs/kernel';
import type { PackedFile } from '../imports.ports.js';
import type { SplitBy } from '../model/dataset.js';
import { boxesFile, filesWithBoxes } from './boxes-file.js';
import { isLeftBehind } from './files-to-label.js';
import { notTooLarge, refusedFile, tooMuchInZip, type ImportStep } from './import-plan.js';

/**
 * The steps of a zip of pictures with `boxes.json` at its top, before a picture in it is unpacked; always the same for the same
 * zip. Refused as a whole: one that is larger than the limits allow, and one whose `boxes.json` tells of none of its files.
 * @param text of `boxes.json`
 */
export function planBoxes(
  packed: readonly PackedFile[],
  splitBy: SplitBy,
  text: string,
): readonly ImportStep[] | Failure {
  const pictures = packed.filter(({ path }) => path !== boxesFile && !isLeftBehind(path));
  const tooMuch = tooMuchInZip(pictures.length, packed);
  if (tooMuch !== null) return tooMuch;
  const bytesOf = new Map(pictures.map(({ path, bytes }) => [path, bytes]));
  const told = filesWithBoxes(text, [...bytesOf.keys()], splitBy);
  if (isFailure(told)) return told;
  const { files, strays } = told;
  if (files.length === 0) {
    const [first] = strays;
    const such = first === undefined ? '' : ` ${first.path}: ${first.reason}`;
    return fail('INVALID_INPUT', `${boxesFile} tells of no picture in the zip that can be taken.${such}`);
  }
  return [
    ...strays.map(({ path, reason }) => refusedFile(path, fail('INVALID_INPUT', reason))),
    ...files.map((file) => notTooLarge(file, bytesOf.get(file.path)!)),
  ];
}
