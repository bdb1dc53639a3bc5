import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isFailure, isId, type Failure, type IdSource } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { ProcessDecoder, ProcessPictureCleaner } from '#libs/imaging';
import type { CleanPicture } from '#libs/learning';
import {
  annotationFor,
  boxesFile,
  filesToLabel,
  filesWithBoxes,
  type ConsentBasis,
  type DatasetTask,
  type FileToTake,
  type Labelled,
  type ManageDatasets,
  type SplitBy,
} from '#libs/training';
import { CommandFailure } from '../shell/command-failure.js';
import { coursesIn } from '../shell/courses-in.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { progressBar } from '../shell/progress-bar.js';
import { withDatabase } from '../shell/with-database.js';
import { withTraining } from './with-training.js';

export interface ImportImagesFlags {
  readonly course: string;
  readonly name: string;
  readonly consent: ConsentBasis;
  readonly licence: string;
  readonly description?: string;
  readonly splitBy: SplitBy;
  readonly task: DatasetTask;
  readonly synthetic: boolean;
  readonly json: boolean;
}

interface Refused {
  readonly file: string;
  readonly reason: string;
}

/** Brings the pictures of a folder in, cleaned as uploads are; resolves to the exit code. */
export function importImages(folder: string, flags: ImportImagesFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    const root = resolve(folder);
    if (!(await stat(root).catch(() => null))?.isDirectory()) {
      throw new CommandFailure(EXIT_CODE.settings, `There is no folder ${root}.`);
    }
    if (!isId(flags.course))
      throw new CommandFailure(EXIT_CODE.settings, `"${flags.course}" is not the id of a course.`);
    const { files, strays } = await lookThrough(root, flags);
    const actor = await coursesIn(ownerUrl, flags.course, async ([found]) => found!.actor);
    const { datasetId, added, refused } = await withTraining(ownerUrl, ({ manage, ids }) =>
      bringIn({ manage, ids, actor }, root, files, flags),
    );
    const all = [...strays, ...refused];
    if (flags.json) terminal.line(JSON.stringify({ datasetId, added, refused: all }));
    else {
      for (const { file, reason } of all) terminal.line(`  ${file}: ${reason}`);
      terminal.line(`\n  ${flags.name} (${datasetId}): ${added} images, ${all.length} refused.`);
    }
    return all.length > 0 ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
  });
}

/** What is said of the pictures of a folder: by the folders they lie in, or for detection by `boxes.json`. */
async function lookThrough(
  root: string,
  { splitBy, task }: ImportImagesFlags,
): Promise<{ readonly files: readonly FileToTake[]; readonly strays: readonly Refused[] }> {
  const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  if (task === 'image-classification') {
    const { files, strays } = filesToLabel(paths, splitBy);
    return { files, strays: strays.map((file) => ({ file, reason: 'not in a folder of a label' })) };
  }
  const text = await readFile(join(root, boxesFile), 'utf8').catch(() => null);
  if (text === null) throw new CommandFailure(EXIT_CODE.settings, `There is no ${boxesFile} in ${root}.`);
  const told = filesWithBoxes(text.replace(/^\ufeff/, ''), paths, splitBy);
  if (isFailure(told)) throw new CommandFailure(EXIT_CODE.settings, told.message);
  return { files: told.files, strays: told.strays.map(({ path: file, reason }) => ({ file, reason })) };
}

async function bringIn(
  { manage, ids, actor }: { manage: ManageDatasets; ids: IdSource; actor: Actor },
  root: string,
  files: readonly FileToTake[],
  flags: ImportImagesFlags,
): Promise<{ datasetId: string; added: number; refused: Refused[] }> {
  const { course: courseId, name, consent: consentBasis, licence, splitBy, task, synthetic: isSynthetic } = flags;
  const description = flags.description ?? name;
  const made = await manage.create(actor, {
    id: ids.next(),
    courseId,
    name,
    description,
    consentBasis,
    licence,
    isSynthetic,
    splitBy,
    task,
  });
  if (isFailure(made)) throw new CommandFailure(EXIT_CODE.settings, made.message);
  const cleaner = new ProcessPictureCleaner(new ProcessDecoder({ processes: 1 }));
  const bar = progressBar(process.stderr.isTTY && !flags.json);
  const refused: Refused[] = [];
  let added = 0;
  const add = async (picture: CleanPicture, file: FileToTake): Promise<Labelled | Failure> => {
    const annotation = annotationFor(file, picture);
    return isFailure(annotation)
      ? annotation
      : manage.add(actor, made.id, { id: ids.next(), ...picture, ...annotation });
  };
  for (const [done, file] of files.entries()) {
    const { path } = file;
    bar.update(done, files.length, path);
    const picture = await cleaner.clean(await readFile(join(root, path)));
    const image = isFailure(picture) ? picture : await add(picture, file);
    if (isFailure(image)) refused.push({ file: path, reason: image.message });
    else if (image === 'unchanged') refused.push({ file: path, reason: 'the same picture is there already' });
    else if (image === 'relabelled')
      refused.push({ file: path, reason: 'the same picture was labelled otherwise before, which this replaced' });
    else added++;
  }
  bar.stop();
  return { datasetId: made.id, added, refused };
}
