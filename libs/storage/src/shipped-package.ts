import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  isPackageRefusal,
  packageLimits,
  readManifest,
  runnableModel,
  type Manifest,
  type RunnableModel,
} from '#libs/models';
import { ZipArchive } from './zip.archive.js';

/**
 * Opens a model package that came with this program. What it holds was verified when it was made part of it (a test does so), so it
 * is only read.
 * @throws where it is not there, or is no package
 */
export async function openShippedPackage(path: string): Promise<{ manifest: Manifest; model: RunnableModel }> {
  const key = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const manifest = await reading(path, async (archive) => {
    const read = readManifest((await archive.read('manifest.json')).toString('utf8'));
    if (isPackageRefusal(read)) throw new Error(`${path} is refused: ${read.reason} ${read.detail ?? ''}`);
    return read;
  });
  const read = (paths: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> =>
    reading(path, async (archive) => {
      const files = await Promise.all(paths.map(async (name) => [name, await archive.read(name)] as const));
      return new Map(files);
    });
  return { manifest, model: runnableModel(key, manifest, read) };
}

async function reading<T>(path: string, work: (archive: ZipArchive) => Promise<T>): Promise<T> {
  const archive = await ZipArchive.open(path, packageLimits.files);
  if (typeof archive === 'string') throw new Error(`${path} cannot be opened: ${archive}.`);
  try {
    return await work(archive);
  } finally {
    archive.close();
  }
}
