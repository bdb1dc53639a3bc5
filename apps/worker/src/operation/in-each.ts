import type { Logger } from 'pino';
import { dangerousSystemActor, type Actor } from '#libs/identity';

/** Where something is to be done: an institution, and what there. */
export interface Place {
  readonly institutionId: string;
}

/**
 * Does something in many places, one after the other; one in which it fails does not keep the others from it.
 * @param what in words, for the log
 * @param isStopped looked at before each
 */
export async function inEach<P extends Place>(
  { what, logger, isStopped }: { readonly what: string; readonly logger: Logger; readonly isStopped: () => boolean },
  places: readonly P[],
  work: (actor: Actor, place: P) => Promise<void>,
): Promise<void> {
  for (const place of places) {
    if (isStopped()) return;
    try {
      await work(dangerousSystemActor(place.institutionId), place);
    } catch (error) {
      logger.warn({ place, code: (error as { code?: string }).code, what }, 'a chore failed in one place');
    }
  }
}
