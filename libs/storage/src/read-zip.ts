import { ZipArchive } from './zip.archive.js';

/**
 * Some files of a stored zip.
 * @param most files that it may have
 * @throws where the zip or one of the files is not there, or is damaged
 */
export async function readZip(
  path: string,
  most: number,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const archive = await ZipArchive.open(path, most);
  if (typeof archive === 'string') throw new Error(`The stored package cannot be opened: ${archive}.`);
  try {
    const files = new Map<string, Uint8Array>();
    for (const name of paths) files.set(name, await archive.read(name));
    return files;
  } finally {
    archive.close();
  }
}
