import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attune } from './attune-command.js';
import type { TestApi } from './api.js';
import type { School } from './school.js';
import { drawShapes } from './shapes.js';

/** Brings shapes drawn by a program into a course, by the command line; gives the id of the dataset. */
export async function importShapes(
  { database }: TestApi,
  { courseId }: School,
  folder: string,
  { sources = 12 } = {},
): Promise<string> {
  const root = join(folder, `shapes-${sources}`);
  for (const { picture, label, group } of await drawShapes(sources)) {
    await mkdir(join(root, label, group!), { recursive: true });
    await writeFile(join(root, label, group!, 'shape.jpg'), picture);
  }
  const flags = ['--consent', 'generated', '--licence', 'CC0-1.0', '--split-by', 'source', '--synthetic', '--json'];
  const environment = { DATABASE_URL: database.ownerUrl, ATTUNE_DATA_DIR: folder };
  const args = ['train', 'import', root, '--course', courseId, '--name', 'Shapes', ...flags];
  const { code, stdout, stderr } = await attune(args, environment);
  if (code !== 0) throw new Error(`${stderr}${stdout}`);
  return (JSON.parse(stdout) as { datasetId: string }).datasetId;
}
