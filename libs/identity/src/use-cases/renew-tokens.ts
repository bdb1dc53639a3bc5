import { fail, type Failure } from '#libs/kernel';
import { dangerousSystemActor } from '../model/actor.js';
import type { RevocationNotifier, SignIn } from '../ports.js';
import { formatCredential, issueTokens, parseCredential, type Tokens } from './issue-tokens.js';
import type { SignInDependencies } from './sign-in.js';

/** A lost answer may be asked for again with the same token, any number of times, for this long from the first. */
const graceMilliseconds = 30_000;

/**
 * Gives a new pair of tokens for a refresh token, which is then used up. One that was used up earlier is a sign of
 * theft and ends the whole sign-in (RFC 9700 §4.14.2).
 */
export class RenewTokens {
  constructor(private readonly deps: SignInDependencies & { readonly notifier: RevocationNotifier }) {}

  async execute(refreshToken: string): Promise<Tokens | Failure> {
    const { secrets, signIns, users, unitOfWork, clock } = this.deps;
    const parsed = parseCredential('refresh', refreshToken, secrets);
    if (parsed === null) return fail('WRONG_CREDENTIALS', 'This is not a refresh token. Sign in again.');
    const { institutionId, id, digest } = parsed;
    const now = new Date(clock.now());
    const outcome = await unitOfWork.run(dangerousSystemActor(institutionId), async () => {
      const signIn = await signIns.lockSignIn(id);
      const user = signIn === null ? null : await users.findUser(signIn.userId);
      if (signIn === null || user === null || signIn.revokedAt || signIn.expiresAt <= now || user.disabledAt)
        return null;
      const since = usedSince(signIn, digest, now);
      if (since === null) {
        await signIns.revoke(id, now);
        return 'stolen' as const;
      }
      const secret = secrets.makeSecret();
      await signIns.rotate(id, secrets.digest(secret), digest, since);
      return { user, refreshToken: formatCredential('refresh', institutionId, id, secret) };
    });
    if (outcome === 'stolen') {
      await this.deps.notifier.credentialsRevoked(institutionId, [id]);
      return fail('WRONG_CREDENTIALS', 'This refresh token was used before, so the sign-in was ended. Sign in again.');
    }
    if (outcome === null) return fail('WRONG_CREDENTIALS', 'This sign-in has ended. Sign in again.');
    return issueTokens(this.deps, outcome.user, institutionId, id, outcome.refreshToken);
  }
}

/**
 * When a token that may be shown now was first used up: just now, or, where the answer to it was lost, a moment ago.
 * Null where it may not be shown any more.
 */
function usedSince(signIn: SignIn, digest: string, now: Date): Date | null {
  if (digest === signIn.refreshHash) return now;
  const { previousRefreshHash, rotatedAt } = signIn;
  if (digest !== previousRefreshHash || rotatedAt === null) return null;
  return now.getTime() - rotatedAt.getTime() <= graceMilliseconds ? rotatedAt : null;
}
