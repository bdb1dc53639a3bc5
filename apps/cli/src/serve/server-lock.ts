import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { EXIT_CODE } from '../shell/exit-code.js';
import { identify, identifyPlace, isRunning, type ProcessIdentity } from './process-identity.js';
import { CommandFailure } from '../shell/command-failure.js';

const processSchema = z.object({ pid: z.int().positive(), started: z.string() });
const lockSchema = z.object({
  supervisor: processSchema,
  /** Where the process ids are good. */
  place: z.string(),
  url: z.string(),
  /** The API and the worker, so that a start after `kill -9` can end what was left behind. */
  parts: z.array(processSchema),
});

type LockContent = z.infer<typeof lockSchema>;

/** How long a part that was left behind may take to finish what it is doing, in milliseconds. */
const LEFT_BEHIND_LIMIT = 5_000;

/** A start that died while it removed a stale file is not waited for any longer than this, in milliseconds. */
const ABANDONED_CLAIM = 5_000;

/** How a lock shows to other containers that it is held: its file is touched every `beat`, in milliseconds. */
export interface LockTiming {
  readonly beat: number;
  /** The file of another container whose time has not moved for so long belongs to nobody. */
  readonly watch: number;
}

const TIMING: LockTiming = { beat: 2_000, watch: 10_000 };

/** What the taker of a lock wants to be told. */
export interface LockOptions {
  /** Ends the wait for the lock. */
  readonly signal?: AbortSignal;
  /** The lock may be that of another container: it takes `watch` to find out. */
  readonly onWatch?: () => void;
  /** Another Attune has taken the lock, which it thought to be nobody's: this one has to end. */
  readonly onLost?: () => void;
}

/**
 * One Attune per data folder: a file that names the supervisor. Where that process could be found, the file is believed
 * while the process runs; where it could not (it may run in another container that shares the folder), while somebody
 * touches the file.
 */
export class ServerLock {
  private writing: Promise<void> = Promise.resolve();
  private isReleased = false;
  private readonly beating: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private content: LockContent,
    private readonly options: LockOptions,
    { beat }: LockTiming,
  ) {
    this.beating = setInterval(() => this.enqueue(() => this.touch()), beat).unref();
  }

  /**
   * Takes the lock, or tells who has it. What a supervisor that is gone (`kill -9`) left running is ended.
   * @throws CommandFailure when another Attune runs on this data folder
   */
  static async take(file: string, url: string, options: LockOptions = {}, timing = TIMING): Promise<ServerLock> {
    const [supervisor, place] = await Promise.all([identify(process.pid), identifyPlace()]);
    if (!supervisor) throw new Error('This process is not in the list of processes');
    const content: LockContent = { supervisor, place, url, parts: [] };
    const mine = `${file}.${randomUUID()}`; // process ids say nothing beyond this container
    await writeFile(mine, JSON.stringify(content), { mode: 0o600 });
    try {
      while (!(await linkIfFree(mine, file))) {
        await ServerLock.clearStale(file, place, timing.watch, options);
      }
      await utimes(file, new Date(), new Date()); // it was written before a wait that may have been long
    } finally {
      await rm(mine, { force: true });
    }
    return new ServerLock(file, content, options, timing);
  }

  /** Writes down the processes that a later start must not find running without us; one writing at a time. */
  setParts(parts: readonly ProcessIdentity[]): void {
    this.content = { ...this.content, parts: [...parts] };
    this.enqueue(() => this.write());
  }

  /** Gives the lock back; nothing is written after that. */
  async release(): Promise<void> {
    this.isReleased = true;
    clearInterval(this.beating);
    await this.writing;
    if (await this.isMine()) await rm(this.file, { force: true });
  }

  private enqueue(work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch(() => undefined); // a full disk: the rest goes on
  }

  private async touch(): Promise<void> {
    if (this.isReleased) return;
    if (await this.isMine()) return utimes(this.file, new Date(), new Date());
    this.isReleased = true;
    clearInterval(this.beating);
    this.options.onLost?.();
  }

  /** False when this process was held up for so long that another one took the lock. */
  private async isMine(): Promise<boolean> {
    const { supervisor, place } = this.content;
    const found = parse(await readFile(this.file, 'utf8').catch(() => ''));
    return found?.place === place && isDeepStrictEqual(found.supervisor, supervisor);
  }

  private async write(): Promise<void> {
    if (this.isReleased) return;
    await writeFile(`${this.file}.new`, JSON.stringify(this.content), { mode: 0o600 });
    await rename(`${this.file}.new`, this.file);
  }

  private static async clearStale(file: string, place: string, watch: number, options: LockOptions): Promise<void> {
    const seen = await readFile(file, 'utf8').catch(() => null);
    if (seen === null) return;
    const content = parse(seen);
    const isHere = content?.place === place;
    if (content && !isHere) options.onWatch?.();
    if (content && (await (isHere ? isRunning(content.supervisor) : isTouched(file, watch, options.signal)))) {
      throw new CommandFailure(
        EXIT_CODE.taken,
        `Attune already runs on this data folder, at ${content.url} (process ${content.supervisor.pid}). ` +
          'Use that one, stop it, or choose another data folder with ATTUNE_DATA_DIR.',
      );
    }
    if (!(await clear(file, seen))) return;
    if (content && isHere) await Promise.all(content.parts.map(endLeftBehind));
  }
}

/**
 * Removes a stale file if it is still the one that was seen; false when it is not, or another start is at it. Several
 * may see the same one: a second name for it, made of what was seen, is had by one at a time, and only who has it
 * removes the file. So nobody removes a lock that was taken in the meantime.
 */
async function clear(file: string, seen: string): Promise<boolean> {
  const claim = `${file}.${createHash('sha256').update(seen).digest('hex').slice(0, 16)}.stale`;
  if (!(await linkIfFree(file, claim).catch(() => false))) {
    const age = await stat(claim).then(
      ({ ctimeMs }) => Date.now() - ctimeMs,
      () => 0,
    );
    if (age > ABANDONED_CLAIM) await rm(claim, { force: true });
    else await sleep(20);
    return false;
  }
  try {
    if ((await readFile(claim, 'utf8')) !== seen) return false;
    await rm(file);
    return true;
  } finally {
    await rm(claim, { force: true });
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

/** Watches whether a file's time moves; the clock of the one that touches it need not be ours. */
async function isTouched(file: string, watch: number, signal: AbortSignal | undefined): Promise<boolean> {
  const time = () =>
    stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
  const before = await time();
  const deadline = performance.now() + watch;
  while (before !== null && performance.now() < deadline) {
    await sleep(Math.min(watch / 20, 250), undefined, { signal });
    const now = await time();
    if (now === null) return false;
    if (now !== before) return true;
  }
  return false;
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
