import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EXIT_CODE } from './exit-code.js';
import { identify, isRunning, type ProcessIdentity } from './process-identity.js';
import { ServeFailure } from './serve-failure.js';

const processSchema = z.object({ pid: z.int().positive(), started: z.string() });
const lockSchema = z.object({
  supervisor: processSchema,
  url: z.string(),
  /** The API and the worker, so that a start after `kill -9` can end what was left behind. */
  parts: z.array(processSchema),
});

type LockContent = z.infer<typeof lockSchema>;

/** How long a part that was left behind may take to finish what it is doing, in milliseconds. */
const LEFT_BEHIND_LIMIT = 5_000;

/** One Attune per data folder: a file that names the supervisor, and is only believed while that process runs. */
export class ServerLock {
  private writing: Promise<void> = Promise.resolve();
  private isReleased = false;

  private constructor(
    private readonly file: string,
    private content: LockContent,
  ) {}

  /**
   * Takes the lock, or tells who has it. What a supervisor that is gone (`kill -9`) left running is ended.
   * @throws ServeFailure when another Attune runs on this data folder
   */
  static async take(file: string, url: string): Promise<ServerLock> {
    const supervisor = await identify(process.pid);
    if (!supervisor) throw new Error('This process is not in the list of processes');
    const lock = new ServerLock(file, { supervisor, url, parts: [] });
    const mine = `${file}.${process.pid}`;
    await writeFile(mine, JSON.stringify(lock.content), { mode: 0o600 });
    try {
      while (!(await linkIfFree(mine, file))) await ServerLock.clearStale(file);
    } finally {
      await rm(mine, { force: true });
    }
    return lock;
  }

  /** Writes down the processes that a later start must not find running without us; one writing at a time. */
  setParts(parts: readonly ProcessIdentity[]): void {
    this.content = { ...this.content, parts: [...parts] };
    this.writing = this.writing.then(() => this.write()).catch(() => undefined); // a full disk: the rest goes on
  }

  /** Gives the lock back; nothing is written after that. */
  async release(): Promise<void> {
    this.isReleased = true;
    await this.writing;
    await rm(this.file, { force: true });
  }

  private async write(): Promise<void> {
    if (this.isReleased) return;
    await writeFile(`${this.file}.new`, JSON.stringify(this.content), { mode: 0o600 });
    await rename(`${this.file}.new`, this.file);
  }

  private static async clearStale(file: string): Promise<void> {
    const seen = await readFile(file, 'utf8').catch(() => null);
    if (seen === null) return;
    const content = parse(seen);
    if (content && (await isRunning(content.supervisor))) {
      throw new ServeFailure(
        EXIT_CODE.taken,
        `Attune already runs on this data folder, at ${content.url} (process ${content.supervisor.pid}). ` +
          'Use that one, stop it, or choose another data folder with ATTUNE_DATA_DIR.',
      );
    }
    // Two starts may both have seen the same stale file: only the one that moves away what it has seen goes on.
    const aside = `${file}.${process.pid}.stale`;
    await rename(file, aside).catch(() => undefined);
    const moved = await readFile(aside, 'utf8').catch(() => null);
    if (moved !== null && moved !== seen) await link(aside, file).catch(() => undefined);
    await rm(aside, { force: true });
    if (moved === seen) await Promise.all((content?.parts ?? []).map(endLeftBehind));
  }
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function parse(text: string): LockContent | null {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return null; // written half before the disk was full: there was no supervisor to speak of
  }
}

/** The parts end by themselves when their supervisor is gone; this waits for it, and helps. */
async function endLeftBehind(part: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + LEFT_BEHIND_LIMIT;
  while (await isRunning(part)) {
    const signal = performance.now() < deadline ? 'SIGTERM' : 'SIGKILL';
    try {
      process.kill(part.pid, signal);
    } catch {
      return; // it ended between the look and the signal
    }
    await sleep(100);
  }
}
