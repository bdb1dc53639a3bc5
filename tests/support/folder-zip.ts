import { buffer } from 'node:stream/consumers';
import { Upload } from 'tus-js-client';
import { ZipFile } from 'yazl';
import { newId, type TestApi } from './api.js';
import type { Person } from './school.js';

/** Files by their paths, as a zip. */
export function zipOf(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), path, { compress: bytes.length > 0 });
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** Puts other names of the same length into a zip: such as no program of good will writes. */
export function renamed(zip: Buffer, from: string, to: string | Buffer): Buffer {
  const copy = Buffer.from(zip);
  const [old, other] = [Buffer.from(from), typeof to === 'string' ? Buffer.from(to) : to];
  if (old.length !== other.length) throw new Error('Both names have to be of one length.');
  for (let at = copy.indexOf(old); at >= 0; at = copy.indexOf(old, at + 1)) other.copy(copy, at);
  return copy;
}

/** Changes what the directory of a zip says of a file: how long it is, or whether its name is marked as UTF-8. */
export function saying(
  zip: Buffer,
  path: string,
  { bytes, marksUtf8 }: { readonly bytes?: number; readonly marksUtf8?: boolean },
): Buffer {
  const copy = Buffer.from(zip);
  const directory = copy.readUInt32LE(copy.lastIndexOf(Buffer.from('PK\x05\x06')) + 16);
  const entry = copy.indexOf(Buffer.from(path), directory) - 46;
  if (bytes !== undefined) copy.writeUInt32LE(bytes, entry + 24);
  if (marksUtf8 === false) copy.writeUInt16LE(copy.readUInt16LE(entry + 8) & ~0x800, entry + 8);
  return copy;
}

export interface FolderUploadRequest {
  readonly datasetId: string;
  readonly id?: string;
  readonly sha256?: string;
}

/** Uploads a zip of folders in pieces, as an app would; gives the answer to the last one, or throws the refusal. */
export function uploadFolders(
  { url }: TestApi,
  { token }: Pick<Person, 'token'>,
  zip: Buffer,
  { datasetId, id = newId(), sha256 }: FolderUploadRequest,
): Promise<{ importId: string; state: string }> {
  return new Promise((resolve, reject) => {
    new Upload(zip, {
      endpoint: `${url}/training/folders`,
      headers: { authorization: `Bearer ${token}` },
      metadata: { id, datasetId, ...(sha256 !== undefined && { sha256 }) },
      chunkSize: 200_000,
      retryDelays: null,
      onError: reject,
      onSuccess: ({ lastResponse }) =>
        resolve(JSON.parse(lastResponse.getBody()) as { importId: string; state: string }),
    }).start();
  });
}
