import { findClusterRecord } from './cluster-record.js';
import { DATABASE, OWNER_ROLE } from './ensure-owned-database.js';

/**
 * Where the embedded database of a data folder is, as its owner, whether it runs or not; null when the folder has
 * none. For commands beside a running Attune, which must not start it a second time.
 */
export async function findEmbeddedOwnerUrl(dataFolder: string): Promise<string | null> {
  const record = await findClusterRecord(dataFolder);
  if (record === null || !record.isComplete) return null;
  return `postgresql://${OWNER_ROLE}:${record.ownerPassword}@127.0.0.1:${record.port}/${DATABASE}`;
}
