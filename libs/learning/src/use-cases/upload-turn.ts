import { fail, type Failure } from '#libs/kernel';
import type { Actor, RateLimiter } from '#libs/identity';
import type { WorkFile } from '../model/activity-content.js';

/** Files that one person may send in a minute; packages are large. */
const perMinute: Readonly<Record<WorkFile, number>> = { picture: 30, predictions: 30, package: 4 };

/** Counts a file that somebody sends, before it is read; refuses what is too much. */
export async function uploadTurn(limiter: RateLimiter, actor: Actor, holds: WorkFile): Promise<Failure | null> {
  const counted = holds === 'package' ? 'package' : 'upload';
  const wait = await limiter.hit(`${counted}/${actor.institutionId}/${actor.userId}`, perMinute[holds], 60);
  return wait === null ? null : fail('RATE_LIMITED', undefined, { retryAfterSeconds: wait });
}
