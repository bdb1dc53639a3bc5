import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { orNone } from '../durable-file.js';
import { S3Changed, type S3Objects } from './s3.objects.js';

/** Files fetched and not asked for yet may lie about that long, in milliseconds, before they are taken for left behind. */
const leftBehind = 3_600_000;

/**
 * Copies of objects on this machine, for what needs a path: fetched when they are asked for, checked by the digest in their name, and
 * thrown away again, those first that nobody has asked for longest, when there is too much of them. An object that is gone from
 * the store is not given, though its copy may still be there.
 */
export class Spool {
  private readonly fetching = new Map<string, Promise<string | null>>();

  /**
   * @param folder absolute path; made with the first copy
   * @param mostBytes of all copies, but for the one that was fetched last
   */
  constructor(
    private readonly objects: S3Objects,
    private readonly folder: string,
    private readonly mostBytes: number,
  ) {}

  /**
   * A path where an object can be read; null where it is not there.
   * @param sha256 of what is in it
   * @throws where the store cannot be asked, or gives something else
   */
  locate(key: string, sha256: string): Promise<string | null> {
    const begun = this.fetching.get(key);
    if (begun !== undefined) return begun;
    const fetching = this.fetch(key, sha256).finally(() => this.fetching.delete(key));
    this.fetching.set(key, fetching);
    return fetching;
  }

  /** Forgets the copy of an object. */
  async forget(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private async fetch(key: string, sha256: string): Promise<string | null> {
    const path = this.pathOf(key);
    if ((await stat(path).catch(() => null)) !== null) {
      if (!(await this.objects.isThere(key))) {
        await this.forget(key);
        return null;
      }
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return path;
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.${randomUUID()}.new`;
    try {
      if (!(await this.objects.download(key, beside))) return null;
      const hash = createHash('sha256');
      await pipeline(createReadStream(beside), hash);
      if (hash.digest('hex') !== sha256) throw new S3Changed(key);
      await rename(beside, path);
    } finally {
      await rm(beside, { force: true });
    }
    await this.makeRoom(path);
    return path;
  }

  /** Who reads a copy that is thrown away has it open, and reads on. */
  private async makeRoom(kept: string): Promise<void> {
    const names = await readdir(this.folder, { recursive: true }).catch(orNone);
    const copies = [];
    for (const name of names) {
      const path = join(this.folder, name);
      const file = await stat(path).catch(() => null);
      if (file?.isFile()) copies.push({ path, bytes: file.size, usedAt: file.mtimeMs });
    }
    copies.sort((a, b) => a.usedAt - b.usedAt);
    let held = copies.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes, usedAt } of copies) {
      const isLeft = path.endsWith('.new') && usedAt < Date.now() - leftBehind;
      if (!isLeft && (held <= this.mostBytes || path === kept || path.endsWith('.new'))) continue;
      await rm(path, { force: true });
      held -= bytes;
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, ...key.split('/'));
  }
}
