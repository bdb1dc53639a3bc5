import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZip } from './write-zip.js';

/**
 * The Python package that trains, as a source archive that `pip install` takes; null where it was not installed with this
 * server.
 * @param folder `training` of the project
 */
export async function packTraining(folder: string): Promise<Buffer | null> {
  const inside = await readdir(join(folder, 'attune_training'), { recursive: true }).catch(() => null);
  if (inside === null) return null;
  const sources = inside
    .filter((path) => /\.(py|json)$/.test(path) && !path.includes('__pycache__'))
    .map((path) => join('attune_training', path));
  const place = await mkdtemp(join(tmpdir(), 'attune-training-package-'));
  try {
    const zip = join(place, 'package.zip');
    const files = ['pyproject.toml', 'README.md', ...sources.sort()].map((path) => ({
      path: `attune-training/${path.replaceAll('\\', '/')}`,
      read: () => readFile(join(folder, path)),
    }));
    await writeZip(zip, files);
    return await readFile(zip);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
