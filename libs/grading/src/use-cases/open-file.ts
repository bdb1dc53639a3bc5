import type { Actor } from '#libs/identity';
import { fileOf } from '../model/work-file.js';
import type { FileStore, OpenFile, StoredFile } from '../files.ports.js';

/** A stored file as graders take it; null where its bytes are gone. */
export async function openFile(store: FileStore, actor: Actor, file: StoredFile): Promise<OpenFile | null> {
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
