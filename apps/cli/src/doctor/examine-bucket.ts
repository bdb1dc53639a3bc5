import { randomUUID } from 'node:crypto';
import { bucketOf, parseBucket } from '#libs/platform';
import { S3Objects } from '#libs/storage';

/** How it stands with the bucket of the settings. */
export interface BucketFinding {
  readonly endpoint: string;
  readonly bucket: string;
  /** Milliseconds to write, read, list and delete a small object; null where that did not go. */
  readonly milliseconds: number | null;
  readonly trouble: string | null;
}

/** Writes, reads, lists and deletes a small object in the bucket of the settings; null where files lie on the disk. */
export async function examineBucket(environment: NodeJS.ProcessEnv): Promise<BucketFinding | string | null> {
  const settings = parseBucket(environment);
  if (typeof settings === 'string') return settings;
  const bucket = bucketOf(settings);
  if (bucket === null) return null;
  const objects = new S3Objects(bucket);
  const about = { endpoint: bucket.endpoint, bucket: bucket.bucket };
  const key = `doctor/${randomUUID()}`;
  const started = performance.now();
  try {
    const refused = await objects.put(key, new TextEncoder().encode(key));
    if (refused !== null) return { ...about, milliseconds: null, trouble: 'It does not answer, or has no room.' };
    const read = await objects.get(key);
    const isListed = (await objects.list(key)).length === 1;
    await objects.remove(key);
    const isWell = read !== null && Buffer.from(read).toString() === key && isListed;
    const trouble = isWell ? null : 'What was written does not come back.';
    return { ...about, milliseconds: performance.now() - started, trouble };
  } catch (error) {
    return { ...about, milliseconds: null, trouble: (error as Error).message };
  } finally {
    objects.close();
  }
}
