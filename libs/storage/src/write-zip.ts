import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file on its way into a zip. */
export interface FileToZip {
  readonly path: string;
  /** Called when its turn comes, so that one file at a time is held in memory. */
  readonly read: () => Promise<Uint8Array>;
}

/** The time that all files have: made of the parts of a local date, as zips keep them, so the same in every zone. */
const time = (): Date => new Date(2026, 0, 1);

/**
 * Writes files as a zip, in their order and uncompressed: the same files are the same bytes wherever they are written.
 * @throws what a `read` throws
 */
export async function writeZip(path: string, files: readonly FileToZip[]): Promise<void> {
  const zip = new ZipFile();
  const abort = new AbortController();
  const options = { mtime: time(), mode: 0o100644, compress: false, forceDosTimestamp: true };
  let trouble: unknown = null;
  const fails = (error: unknown): void => {
    trouble = error;
    abort.abort();
  };
  for (const { path: name, read } of files) {
    zip.addReadStreamLazy(name, options, (give) => {
      void read().then((bytes) => give(null, Readable.from([bytes])), fails);
    });
  }
  zip.end();
  try {
    await pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }), { signal: abort.signal });
  } catch (error) {
    throw trouble ?? error;
  }
}
