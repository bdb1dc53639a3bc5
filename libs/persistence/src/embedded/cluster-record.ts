import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

const clusterRecordSchema = z.object({
  /** Port of the last start on 127.0.0.1, kept so that bookmarks in database tools stay good. */
  port: z.int().min(1).max(65535),
  /** Password of the superuser `postgres`, used to create the owner and the database, and by nothing else. */
  superuserPassword: z.string().min(1),
  /** Password of `attune_owner`, who owns the database and migrates it. */
  ownerPassword: z.string().min(1),
  /** Folder of the cluster: relative to the data folder when inside it, else absolute. */
  folder: z.string().min(1),
  /** False while the cluster is being made: nothing in the folder is worth keeping then. */
  isComplete: z.boolean(),
});

/** What has to be remembered about a cluster, in `postgres.json` of the data folder, readable by its user only. */
export type ClusterRecord = z.infer<typeof clusterRecordSchema>;

const FILE = 'postgres.json';

/** Makes the record of a cluster that does not exist yet, with passwords of 192 random bits. */
export function newClusterRecord(folder: string, port: number): ClusterRecord {
  const password = () => randomBytes(24).toString('base64url');
  return { port, superuserPassword: password(), ownerPassword: password(), folder, isComplete: false };
}

/** Reads the record, or null when this data folder has none yet. */
export async function findClusterRecord(dataFolder: string): Promise<ClusterRecord | null> {
  const file = join(dataFolder, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return clusterRecordSchema.parse(JSON.parse(text));
  } catch {
    throw new EmbeddedPostgresError(
      'broken-folder',
      `${file} is damaged: it should hold the port and the passwords of the database. ` +
        `Put it back from a backup, or move ${dataFolder} away to start afresh.`,
    );
  }
}

/** Writes the record in one step, so that a crash leaves the old one or the new one. */
export async function saveClusterRecord(dataFolder: string, record: ClusterRecord): Promise<void> {
  const file = join(dataFolder, FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

/** The cluster's folder as an absolute path. */
export function clusterFolder(dataFolder: string, record: ClusterRecord): string {
  return isAbsolute(record.folder) ? record.folder : join(dataFolder, record.folder);
}
