import { fail, type Clock, type Failure, type IdSource } from '#libs/kernel';
import { dangerousSystemActor } from '../model/actor.js';
import type {
  InstitutionDirectory,
  PasswordHasher,
  RateLimiter,
  SecretSource,
  SignInRepository,
  TokenIssuer,
  UnitOfWork,
  UserRepository,
} from '../ports.js';
import { formatCredential, issueTokens, type TokenLifetimes, type Tokens } from './issue-tokens.js';

export interface SignInDependencies {
  readonly directory: InstitutionDirectory;
  readonly unitOfWork: UnitOfWork;
  readonly users: UserRepository;
  readonly signIns: SignInRepository;
  readonly hasher: PasswordHasher;
  readonly limiter: RateLimiter;
  readonly secrets: SecretSource;
  readonly issuer: TokenIssuer;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly lifetimes: TokenLifetimes;
}

/**
 * At most this many failed tries for one account, and from one address, in the window. Tries that succeed do not count:
 * a whole school may sign in from one address.
 */
export const signInLimits = { perAccount: 10, perAddress: 100, windowSeconds: 300 } as const;

/** Signs a person in by institution, e-mail address and password. */
export class SignInLocally {
  constructor(private readonly deps: SignInDependencies) {}

  async execute(
    input: { readonly institution: string; readonly email: string; readonly password: string },
    from: { readonly address: string },
  ): Promise<Tokens | Failure> {
    const { directory, unitOfWork, users, hasher, secrets } = this.deps;
    const email = input.email.trim().toLowerCase();
    const tries = [
      { key: secrets.digest(`account ${input.institution} ${email}`), limit: signInLimits.perAccount },
      { key: secrets.digest(`address ${from.address}`), limit: signInLimits.perAddress },
    ];
    const wait = await this.count(tries);
    if (wait > 0)
      return fail('RATE_LIMITED', `Too many tries to sign in. Wait ${wait} s.`, { retryAfterSeconds: wait });

    const institutionId = await directory.findInstitutionId(input.institution);
    const system = institutionId === null ? null : dangerousSystemActor(institutionId);
    const user = system === null ? null : await unitOfWork.run(system, () => users.findByEmail(email));
    const verified = await hasher.verify(user?.passwordHash ?? null, input.password);
    if (!verified || user === null || system === null || user.disabledAt !== null) return fail('WRONG_CREDENTIALS');

    for (const { key } of tries) await this.deps.limiter.forgive(key, signInLimits.windowSeconds);
    const id = this.deps.ids.next();
    const secret = secrets.makeSecret();
    const expiresAt = new Date(this.deps.clock.now() + this.deps.lifetimes.refresh * 1000);
    const inserted = await unitOfWork.run(system, async () => {
      // She may have been disabled while the password was looked at; whoever disables her from now on finds this sign-in.
      if ((await users.holdUser(user.id))?.disabledAt !== null) return false;
      await this.deps.signIns.insertSignIn({ id, userId: user.id, refreshHash: secrets.digest(secret), expiresAt });
      return true;
    });
    if (!inserted) return fail('WRONG_CREDENTIALS');
    const refreshToken = formatCredential('refresh', system.institutionId, id, secret);
    return issueTokens(this.deps, user, system.institutionId, id, refreshToken);
  }

  /** Counts a try before it is known how it ends, so that many at once cannot slip through; gives the seconds to wait. */
  private async count(tries: readonly { key: string; limit: number }[]): Promise<number> {
    let wait = 0;
    for (const { key, limit } of tries) {
      wait = Math.max(wait, (await this.deps.limiter.hit(key, limit, signInLimits.windowSeconds)) ?? 0);
    }
    return wait;
  }
}
