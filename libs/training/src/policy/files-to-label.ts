import type { LabelledImage, SplitBy } from '../model/dataset.js';
import { datasetLimits } from './dataset-limits.js';

/** A picture in a folder, and what the folders say of it. */
export interface FileToLabel {
  readonly path: string;
  readonly label: string;
  readonly group: string | null;
}

/** What systems leave in folders and in zips beside the files of people; hidden files begin with a dot. */
const leftBehind = /^(\.|__MACOSX$|(Thumbs|ehthumbs|desktop)\.(db|ini)$)/i;

/** Whether a file is hidden, or no file of a person. */
export function isLeftBehind(path: string): boolean {
  return path.split(/[/\\]/).some((part) => leftBehind.test(part));
}

/** Where the pictures of a dataset lie, in words. */
export function placeOfFiles(splitBy: SplitBy): string {
  return splitBy === 'image' ? '<label>/<file>' : `<label>/<${splitBy}>/<file>`;
}

/**
 * Reads labels and groups out of paths: `<label>/<file>`, or `<label>/<group>/<file>` where a dataset is split by groups.
 * Hidden files and what systems leave behind are passed over; what lies otherwise is a stray. Names are taken without the
 * spaces around them, and composed (NFC): systems store the same letters in different ways.
 * @param paths relative, with the separators of any system
 */
export function filesToLabel(
  paths: readonly string[],
  splitBy: SplitBy,
): { readonly files: readonly FileToLabel[]; readonly strays: readonly string[] } {
  const depth = splitBy === 'image' ? 2 : 3;
  const files: FileToLabel[] = [];
  const strays: string[] = [];
  for (const path of [...paths].sort()) {
    if (isLeftBehind(path)) continue;
    const parts = path.split(/[/\\]/);
    const [label, group] = parts.map((part) => part.trim().normalize('NFC'));
    if (parts.length === depth) files.push({ path, label: label!, group: depth === 3 ? group! : null });
    else strays.push(path);
  }
  return { files, strays };
}

/** What is wrong with the names that a picture is to have, in words; null for nothing. */
export function wrongNames({ label, group }: Pick<LabelledImage, 'label' | 'group'>): string | null {
  const names = [label, group].filter((name) => name !== null);
  if ((label ?? '').length > datasetLimits.label || (group ?? '').length > datasetLimits.group) {
    return `A label has at most ${datasetLimits.label} characters, a group ${datasetLimits.group}.`;
  }
  if (names.includes('')) return 'A label and a group have a name.';
  return names.some((name) => unprintable.test(name)) ? 'A label and a group have no control characters.' : null;
}

/** Control characters, and halves of surrogate pairs. */
export const unprintable = /\p{Cc}|\p{Surrogate}/u;
