import { z } from 'zod';
import { fail, isFailure, issuesOf, refuseInput, type Failure } from '#libs/kernel';
import type { Box, LabelledImage, SplitBy } from '../model/dataset.js';
import type { Annotation } from './annotation.js';
import { boxesSchema, isSameShape, outsideOf, scaleBoxes, type PictureSize } from './boxes.js';
import { datasetLimits, importLimits } from './dataset-limits.js';
import { isLeftBehind, wrongNames, type FileToLabel } from './files-to-label.js';

/** Beside the pictures of a dataset for detection: it says what is on each. */
export const boxesFile = 'boxes.json';

/** A picture that `boxes.json` names, and what it says of it. */
export interface FileWithBoxes {
  readonly path: string;
  readonly boxes: readonly Box[];
  /** Of the picture as its author has it; the boxes are in these pixels. */
  readonly size: PictureSize;
  readonly group: string | null;
  readonly attributes: LabelledImage['attributes'];
}

/** A picture that is to come in. */
export type FileToTake = FileToLabel | FileWithBoxes;

/** Something that `boxes.json` names, or does not name, and why it cannot be taken. */
export interface StrayFile {
  readonly path: string;
  readonly reason: string;
}

const documentSchema = z.object({ images: z.array(z.unknown()).max(importLimits.files) });
const side = z.int().min(1).max(1_000_000);
const entrySchema = z.strictObject({
  path: z.string().min(1).max(1_000),
  width: side,
  height: side,
  boxes: boxesSchema,
  group: z
    .string()
    .normalize('NFC')
    .trim()
    .nullish()
    .transform((given) => given ?? null),
  attributes: z
    .record(z.string().trim().min(1).max(100), z.string().trim().min(1).max(100))
    .nullish()
    .transform((given) => given ?? {}),
});

/**
 * Reads `boxes.json`: `{ images: [{ path, width, height, boxes, group?, attributes? }] }`. Each picture that it does not tell
 * rightly of is a stray, and so is one that it does not name. Both lists are in the order of their paths.
 * @param paths of the files beside it, relative, with the separators of any system
 * @returns a failure where nothing of it can be used, or its labels are too many
 */
export function filesWithBoxes(
  text: string,
  paths: readonly string[],
  splitBy: SplitBy,
): { readonly files: readonly FileWithBoxes[]; readonly strays: readonly StrayFile[] } | Failure {
  const entries = entriesOf(text);
  if (isFailure(entries)) return entries;
  const there = new Map(paths.filter(isOfPictures).map((path) => [plain(path), path]));
  const named = new Set<string>();
  const files: FileWithBoxes[] = [];
  const strays: StrayFile[] = [];
  for (const [index, entry] of entries.entries()) {
    const file = fileOf(entry, splitBy);
    const path = pathIn(entry) ?? `${boxesFile}: images.${index}`;
    const found = there.get(plain(path));
    const isTwice = named.has(plain(path));
    named.add(plain(path));
    if (isFailure(file)) strays.push({ path, reason: file.message });
    else if (found === undefined) strays.push({ path, reason: `${boxesFile} names it, and it is not there.` });
    else if (isTwice) strays.push({ path, reason: `${boxesFile} names it twice.` });
    else files.push({ ...file, path: found });
  }
  for (const [name, path] of there) {
    if (!named.has(name)) strays.push({ path, reason: `${boxesFile} does not name it.` });
  }
  const labels = new Set(files.flatMap(({ boxes }) => boxes.map(({ label }) => label))).size;
  if (labels > datasetLimits.boxLabels) {
    const message = `A dataset for detection may have ${datasetLimits.boxLabels} labels; ${boxesFile} has ${labels}.`;
    return fail('TOO_LARGE', message);
  }
  return { files: files.sort(byPath), strays: strays.sort(byPath) };
}

/** What is said of a picture that was cleaned, which may have made it smaller. */
export function annotationFor(
  file: FileToTake,
  picture: PictureSize,
): (Annotation & Pick<LabelledImage, 'group' | 'attributes'>) | Failure {
  const { group } = file;
  if ('label' in file) return { label: file.label, boxes: null, group, attributes: {} };
  const { size, attributes } = file;
  if (!isSameShape(size, picture)) {
    const said = `${boxesFile} says ${size.width} × ${size.height} pixels`;
    return fail(
      'INVALID_INPUT',
      `${said}; upright, the picture has the shape of ${picture.width} × ${picture.height}.`,
    );
  }
  return { label: null, boxes: scaleBoxes(file.boxes, size, picture), group, attributes };
}

function entriesOf(text: string): readonly unknown[] | Failure {
  try {
    const parsed = documentSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data.images;
    const { message } = refuseInput(issuesOf(parsed.error));
    return fail('INVALID_INPUT', `${boxesFile} is not { "images": [ … ] }: ${message}`);
  } catch {
    return fail('INVALID_INPUT', `${boxesFile} is no JSON.`);
  }
}

function fileOf(entry: unknown, splitBy: SplitBy): FileWithBoxes | Failure {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return refuseInput(issuesOf(parsed.error));
  const { path, width, height, boxes, group, attributes } = parsed.data;
  const size = { width, height };
  const wrong = wrongNames({ label: null, group });
  if (wrong !== null) return refuseInput([{ path: 'group', message: wrong }]);
  if (group === null && splitBy !== 'image') {
    return refuseInput([{ path: 'group', message: `is needed: the dataset is split by ${splitBy}` }]);
  }
  const outside = outsideOf(boxes, size);
  return outside.length > 0 ? refuseInput(outside) : { path, boxes, size, group, attributes };
}

function pathIn(entry: unknown): string | null {
  const parsed = entrySchema.pick({ path: true }).loose().safeParse(entry);
  return parsed.success ? parsed.data.path : null;
}

function isOfPictures(path: string): boolean {
  return path !== boxesFile && !isLeftBehind(path);
}

/** One spelling for the ways in which systems write a path. */
function plain(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '').normalize('NFC');
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
