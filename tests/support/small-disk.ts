import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own with little room. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all the room that is left. */
  fill(): Promise<void>;
  /** Gives the room back that `fill` took. */
  free(): Promise<void>;
  unmount(): void;
}

/** Why no small disk can be made here; null where one can. */
export const noSmallDisk = ((): string | null => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk';
  const disk = mount(1);
  if (disk === null) return 'this container may not mount a small disk';
  disk.unmount();
  return null;
})();

/** Mounts a disk of a size in MiB, held in memory. */
export function mountSmallDisk(mebibytes: number): SmallDisk {
  const disk = mount(mebibytes);
  if (disk === null) throw new Error('The small disk could not be mounted.');
  return disk;
}

function mount(mebibytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'attune-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]);
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true });
    return null;
  }
  chmodSync(path, 0o711);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: async () => {
      const file = await open(ballast, 'a');
      try {
        for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) await writeUntilFull(file, size);
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    unmount: () => {
      spawnSync('umount', ['--lazy', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

async function writeUntilFull(file: Awaited<ReturnType<typeof open>>, size: number): Promise<void> {
  const chunk = Buffer.alloc(size);
  for (;;) {
    try {
      const { bytesWritten } = await file.write(chunk);
      if (bytesWritten < size) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
