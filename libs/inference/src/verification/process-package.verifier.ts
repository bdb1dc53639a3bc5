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
import { ConfinedProcess, ProcessLost, type ProcessLimits } from '#libs/sandbox';

/** The time is from start to answer. */
const defaults: ProcessLimits = { time: 120_000, memory: 3 * 1024 ** 3 };

/** Milliseconds more for each picture that a package is asked about. */
const timeForPicture = 200;
/** Milliseconds in all, however many there are: below the time that the job of grading has. */
const longest = 600_000;

/** What the process is asked: to verify the package at a path, and where there are pictures, to have it judge them. */
export interface VerifierRequest {
  readonly path: string;
  readonly pictures: PicturesToJudge | null;
}

/**
 * Verifies a package in a process of its own, which knows nothing but the path of the zip: no settings, no secrets, no
 * database. What takes too long or too much memory, or goes down, is refused and takes nobody with it. Throws where the process
 * cannot be started, or is ended from outside, such as by a system that has no memory left: that says nothing of the package.
 */
export class ProcessPackageVerifier extends PackageVerifier {
  /** @param entry absolute path of the verifier's main.js */
  constructor(
    private readonly entry: string,
    private readonly limits: ProcessLimits = defaults,
  ) {
    super();
  }

  override verify(path: string): Promise<VerifiedPackage | PackageRefusal> {
    return this.run({ path, pictures: null }, this.limits.time, isVerified);
  }

  override judge(path: string, pictures: PicturesToJudge): Promise<JudgedPictures | PackageRefusal> {
    const time = Math.min(this.limits.time + pictures.paths.length * timeForPicture, longest);
    const isJudged = (message: { kind?: string; labels?: unknown }): message is JudgedPictures =>
      message.kind === 'judged' && areLabels(message.labels, pictures);
    return this.run({ path, pictures }, time, isJudged);
  }

  private async run<T extends object>(
    request: VerifierRequest,
    time: number,
    isOutcome: (message: object) => message is T,
  ): Promise<T | PackageRefusal> {
    const { memory } = this.limits;
    const verifier = new ConfinedProcess(this.entry, memory);
    try {
      const message = (await verifier.ask(request, { time, memory })) as object | null;
      return message && (isRefusal(message) || isOutcome(message)) ? message : refusePackage('crashed');
    } catch (error) {
      if (!(error instanceof ProcessLost)) throw error;
      return refusalOf(error);
    } finally {
      verifier.close();
    }
  }
}

/** @throws where the process was lost for a reason that is not the package's */
function refusalOf({ fault, message }: ProcessLost): PackageRefusal {
  switch (fault) {
    case 'too-slow':
    case 'crashed':
      return refusePackage(fault, message);
    case 'out-of-memory':
      return refusePackage('ran-out-of-memory', message);
    case 'not-started':
      throw new Error(`The process that checks packages could not be started: ${message}.`);
    case 'interrupted':
    case 'closed':
      throw new Error(`The process that checks packages was interrupted: ${message}.`);
  }
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
