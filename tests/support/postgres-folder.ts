import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a temporary folder for a data folder. As root, PostgreSQL runs as another user, who must be able to pass
 * through; in a private folder (which mkdtemp makes) the cluster would be put under /var/lib/attune.
 */
export async function makeDatabaseFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-test-'));
  await chmod(folder, 0o711);
  return folder;
}
