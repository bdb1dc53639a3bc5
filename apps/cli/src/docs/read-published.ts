import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A file of the project as it was committed last: what was written since is a draft, which nobody has seen. Without git, or
 * where the file was never committed, as it stands; null where there is none.
 */
export async function readPublished(folder: string, path: string): Promise<string | null> {
  const options = { cwd: folder, maxBuffer: 16 * 1024 * 1024 };
  return promisify(execFile)('git', ['show', `HEAD:./${path}`], options).then(
    ({ stdout }) => stdout,
    () => readFile(join(folder, path), 'utf8').catch(() => null),
  );
}
