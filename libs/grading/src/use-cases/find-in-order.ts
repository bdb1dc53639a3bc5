import type { FileRepository, StoredFile } from '../files.ports.js';

/** Files in the order of their ids; those that are not there are left out. */
export async function findInOrder(files: FileRepository, ids: readonly string[]): Promise<readonly StoredFile[]> {
  if (ids.length === 0) return [];
  const byId = new Map((await files.findFiles(ids)).map((file) => [file.id, file]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
