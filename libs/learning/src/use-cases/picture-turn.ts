import { fail, type Failure } from '#libs/kernel';
import type { Actor, RateLimiter } from '#libs/identity';

/** Pictures that one person may send in a minute, of whatever kind. */
const picturesPerMinute = 30;

/** Counts a picture that somebody sends; refuses what is too much. */
export async function pictureTurn(limiter: RateLimiter, actor: Actor): Promise<Failure | null> {
  const wait = await limiter.hit(`upload/${actor.institutionId}/${actor.userId}`, picturesPerMinute, 60);
  return wait === null ? null : fail('RATE_LIMITED', undefined, { retryAfterSeconds: wait });
}
