import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isFailure, isId, type Failure, type IdSource } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { SharpPictureCleaner } from '#libs/imaging';
import type { CleanPicture } from '#libs/learning';
import {
  filesToLabel,
  type ConsentBasis,
  type FileToLabel,
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
    const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    const { files, strays } = filesToLabel(paths, flags.splitBy);
    const actor = await coursesIn(ownerUrl, flags.course, async ([found]) => found!.actor);
    const { datasetId, added, refused } = await withTraining(ownerUrl, ({ manage, ids }) =>
      bringIn({ manage, ids, actor }, root, files, flags),
    );
    const all = [...strays.map((file) => ({ file, reason: 'not in a folder of a label' })), ...refused];
    if (flags.json) terminal.line(JSON.stringify({ datasetId, added, refused: all }));
    else {
      for (const { file, reason } of all) terminal.line(`  ${file}: ${reason}`);
      terminal.line(`\n  ${flags.name} (${datasetId}): ${added} images, ${all.length} refused.`);
    }
    return all.length > 0 ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
  });
}

async function bringIn(
  { manage, ids, actor }: { manage: ManageDatasets; ids: IdSource; actor: Actor },
  root: string,
  files: readonly FileToLabel[],
  flags: ImportImagesFlags,
): Promise<{ datasetId: string; added: number; refused: Refused[] }> {
  const { course: courseId, name, consent: consentBasis, licence, splitBy, synthetic: isSynthetic } = flags;
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
  });
  if (isFailure(made)) throw new CommandFailure(EXIT_CODE.settings, made.message);
  const cleaner = new SharpPictureCleaner();
  const bar = progressBar(process.stderr.isTTY && !flags.json);
  const refused: Refused[] = [];
  let added = 0;
  const add = ({ bytes, mediaType }: CleanPicture, label: string, group: string | null): Promise<Labelled | Failure> =>
    manage.add(actor, made.id, { id: ids.next(), bytes, mediaType, label, group, attributes: {} });
  for (const [done, { path, label, group }] of files.entries()) {
    bar.update(done, files.length, path);
    const picture = await cleaner.clean(await readFile(join(root, path)));
    const image = isFailure(picture) ? picture : await add(picture, label, group);
    if (isFailure(image)) refused.push({ file: path, reason: image.message });
    else if (image === 'unchanged') refused.push({ file: path, reason: 'the same picture is there already' });
    else if (image === 'relabelled')
      refused.push({ file: path, reason: 'the same picture had another label, which this one replaced' });
    else added++;
  }
  bar.stop();
  return { datasetId: made.id, added, refused };
}
