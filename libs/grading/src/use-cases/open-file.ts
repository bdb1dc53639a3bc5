import type { Actor } from '#libs/identity';
import { fileOf } from '../model/work-file.js';
import type { FileStore, OpenFile, OpenPicture, StoredFile } from '../files.ports.js';
import type { WorkToGrade } from '../ports.js';

/** The files of a piece of work as graders take them; as if none had been handed in where the bytes of any are gone. */
export async function openFiles(
  store: FileStore,
  actor: Actor,
  files: readonly StoredFile[],
): Promise<Pick<WorkToGrade<unknown>, 'file' | 'pictures'>> {
  const opened: OpenFile[] = [];
  for (const file of files) {
    const one = await openFile(store, actor, file);
    if (one === null) return { file: null, pictures: [] };
    opened.push(one);
  }
  const pictures = opened.filter((each): each is OpenPicture => each.kind === 'picture');
  return { file: opened[0] ?? null, pictures };
}

/** A stored file; null where its bytes are gone. */
async function openFile(store: FileStore, actor: Actor, file: StoredFile): Promise<OpenFile | null> {
  const { institutionId } = actor;
  const kind = fileOf(file);
  if (kind === 'package') {
    const path = await store.locate(institutionId, file.sha256);
    return path === null ? null : { kind, path };
  }
  const bytes = await store.get(institutionId, file.sha256);
  if (bytes === null) return null;
  return kind === 'picture' ? { kind, bytes, width: file.width!, height: file.height! } : { kind, bytes };
}
