import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import {
  manifestSchema,
  PackageVerifier,
  packageRefusalReasons,
  refusePackage,
  type JudgedPictures,
  type PackageRefusal,
  type PicturesToJudge,
  type VerifiedPackage,
} from '#libs/models';

export interface VerifierLimits {
  /** Milliseconds from start to answer. */
  readonly time: number;
  /** Bytes of resident memory, watched where the system tells (Linux). */
  readonly memory: number;
}

const defaults: VerifierLimits = { time: 120_000, memory: 3 * 1024 ** 3 };

/** Milliseconds more for each picture that a package is asked about. */
const timeForPicture = 200;
/** Milliseconds in all, however many there are: below the time that the job of grading has. */
const longest = 600_000;

/** Signals by which systems and people end processes; a process that fails by itself ends with others. */
const fromOutside: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/** How often the memory of the process is looked at, in milliseconds. */
const watching = 50;

/**
 * Verifies a package in a process of its own, which knows nothing but the path of the zip: no settings, no secrets, no
 * database. What takes too long or too much memory, or goes down, is refused and takes nobody with it. Throws where the process
 * cannot be started, or is ended from outside, such as by a system that has no memory left: that says nothing of the package.
 */
export class ProcessPackageVerifier extends PackageVerifier {
  /** @param entry absolute path of the verifier's main.js */
  constructor(
    private readonly entry: string,
    private readonly limits: VerifierLimits = defaults,
  ) {
    super();
  }

  override verify(path: string): Promise<VerifiedPackage | PackageRefusal> {
    return this.run([path], this.limits.time, isVerified);
  }

  override judge(path: string, pictures: PicturesToJudge): Promise<JudgedPictures | PackageRefusal> {
    const time = Math.min(this.limits.time + pictures.paths.length * timeForPicture, longest);
    const isJudged = (message: { kind?: string; labels?: unknown }): message is JudgedPictures =>
      message.kind === 'judged' && areLabels(message.labels, pictures);
    return this.run([path, 'judge'], time, isJudged, pictures);
  }

  /** @param told sent to the process when it has started */
  private run<T extends object>(
    args: readonly string[],
    time: number,
    isOutcome: (message: object) => message is T,
    told?: object,
  ): Promise<T | PackageRefusal> {
    const { memory } = this.limits;
    const heap = Math.floor(memory / 2 / 1024 ** 2);
    const child = fork(this.entry, args, {
      cwd: tmpdir(),
      env: {},
      execArgv: [`--max-old-space-size=${heap}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        clearInterval(watch);
        child.removeAllListeners();
        child.on('error', () => undefined);
        child.kill('SIGKILL');
      };
      const end = (outcome: T | PackageRefusal): void => {
        stop();
        resolve(outcome);
      };
      const interrupt = (how: string): void => {
        stop();
        reject(new Error(`The process that checks packages ${how}.`));
      };
      const timer = setTimeout(() => end(refusePackage('too-slow', `more than ${time / 1000} s in all`)), time);
      const watch = setInterval(() => {
        void memoryOf(child).then((used) => {
          if (used > memory) end(refusePackage('ran-out-of-memory', `more than ${Math.floor(memory / 1024 ** 2)} MiB`));
        });
      }, watching);
      // The process has run what a stranger made, so its words are looked at too.
      child.once('message', (message: object | null) =>
        end(message && (isRefusal(message) || isOutcome(message)) ? message : refusePackage('crashed')),
      );
      child.once('error', () => interrupt('could not be started'));
      child.once('exit', (code, signal) => {
        if (signal !== null && fromOutside.has(signal)) interrupt(`was ended by ${signal}`);
        else end(refusePackage('crashed', `it ended with ${signal ?? code}`));
      });
      if (told !== undefined) child.send(told, () => undefined);
    });
  }
}

/** Resident bytes of a process; 0 where that cannot be told. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function isVerified(message: Partial<VerifiedPackage>): message is VerifiedPackage {
  return message.kind === 'verified' && manifestSchema.safeParse(message.manifest).success;
}

function isRefusal(message: Partial<PackageRefusal>): message is PackageRefusal {
  return message.kind === 'refused' && packageRefusalReasons.includes(message.reason!);
}

function areLabels(given: unknown, { paths, labels }: PicturesToJudge): boolean {
  return Array.isArray(given) && given.length === paths.length && given.every((label) => labels.includes(label));
}
