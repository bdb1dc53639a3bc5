/** Milliseconds. */
export const archiveTimes = {
  /** How long an archive is kept that no run needs any more. */
  kept: 30 * 24 * 3_600_000,
  /** The same for one of which is not known whose works it holds. It may just have been written, and be noted next. */
  unknown: 3_600_000,
} as const;

/** How it stands with an archive. */
export interface ArchiveStanding {
  /** Whether all whose works it holds consent to training; null where it is not known whose they are. */
  readonly isConsented: boolean | null;
  /** Whether a run that is being prepared, waits or goes on has it, or a test set. */
  readonly isNeeded: boolean;
  /** When it was written, or the last run that had it ended: whichever is later. */
  readonly lastNeededAt: Date;
}

/**
 * Whether an archive is to be deleted: at once where somebody whose work it holds consents no more, whatever needs it, and
 * else some time after nothing does.
 */
export function isForgettable({ isConsented, isNeeded, lastNeededAt }: ArchiveStanding, now: number): boolean {
  if (isConsented === false) return true;
  const kept = isConsented === null ? archiveTimes.unknown : archiveTimes.kept;
  return !isNeeded && now - lastNeededAt.getTime() > kept;
}
