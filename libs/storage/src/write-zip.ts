import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** The time that all files have: written with the parts of a local date, as zips keep them, so the same in every zone. */
const time = new Date(2026, 0, 1);

/** Writes files as a zip, uncompressed, so that the same files are the same bytes wherever they are written. */
export async function writeZip(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const zip = new ZipFile();
  const stream = zip.outputStream.pipe(createWriteStream(path));
  for (const [file, bytes] of files) {
    zip.addBuffer(Buffer.from(bytes), file, { mtime: time, mode: 0o100644, compress: false, forceDosTimestamp: true });
  }
  zip.end();
  await finished(stream);
}
