import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor } from '../model/actor.js';
import type { ManageUsersDependencies } from './manage-users.js';
import type { RateLimiter } from '../ports.js';

/** At most this many tries of one person in the window: whoever holds her token must not guess her password. */
const tries = { limit: 10, windowSeconds: 300 } as const;

export interface ChangePasswordDependencies extends Pick<
  ManageUsersDependencies,
  'unitOfWork' | 'users' | 'signIns' | 'hasher' | 'notifier' | 'audit'
> {
  readonly limiter: RateLimiter;
  readonly clock: Clock;
}

/** Somebody changes her own password. Her other sign-ins end; the one that she acts with stays. */
export class ChangePassword {
  constructor(private readonly deps: ChangePasswordDependencies) {}

  async execute(
    actor: Actor,
    input: { readonly present: string; readonly next: string },
  ): Promise<{ kind: 'password-changed'; userId: string } | Failure> {
    if (actor.kind !== 'user') return fail('FORBIDDEN', 'Only people have passwords.');
    const { unitOfWork, users, signIns, hasher, notifier, audit, limiter, clock } = this.deps;
    const key = `password/${actor.institutionId}/${actor.userId}`;
    const wait = await limiter.hit(key, tries.limit, tries.windowSeconds);
    if (wait !== null) return fail('RATE_LIMITED', undefined, { retryAfterSeconds: wait });
    // Hashing takes its time: no unit of work is open meanwhile.
    const present = await unitOfWork.run(actor, () => users.findPasswordHash(actor.userId));
    if (!(await hasher.verify(present?.hash ?? null, input.present)))
      return fail('WRONG_CREDENTIALS', 'This is not your present password.');
    const passwordHash = await hasher.hash(input.next);
    const ended = await unitOfWork.run(actor, async () => {
      await users.updateUser(actor.userId, { passwordHash });
      const entry = { action: 'user.password-changed', objectKind: 'person', objectId: actor.pseudonym };
      await audit.record(actor, entry);
      return signIns.revokeAllOf(actor.userId, new Date(clock.now()), actor.credentialId);
    });
    await limiter.forgive(key, tries.windowSeconds);
    if (ended.length > 0) await notifier.credentialsRevoked(actor.institutionId, ended);
    return { kind: 'password-changed', userId: actor.userId };
  }
}
