import { fail, type Clock, type Failure } from '#libs/kernel';
import { dangerousSystemActor } from '../model/actor.js';
import type { ApiKeyRepository, RateLimiter, SecretSource, TokenIssuer, UnitOfWork, UserRepository } from '../ports.js';
import { issueTokens, parseCredential, type TokenLifetimes, type Tokens } from './issue-tokens.js';
import { signInLimits } from './sign-in.js';

export interface ExchangeDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly users: UserRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly limiter: RateLimiter;
  readonly secrets: SecretSource;
  readonly issuer: TokenIssuer;
  readonly clock: Clock;
  readonly lifetimes: TokenLifetimes;
}

/** Gives a service a short-lived access token for its API key. */
export class ExchangeApiKey {
  constructor(private readonly deps: ExchangeDependencies) {}

  async execute(apiKey: string, from: { readonly address: string }): Promise<Tokens | Failure> {
    const { secrets, limiter, apiKeys, users, unitOfWork, clock } = this.deps;
    const { perAddress, windowSeconds } = signInLimits;
    const wait = await limiter.hit(secrets.digest(`key from ${from.address}`), perAddress, windowSeconds);
    if (wait !== null) return fail('RATE_LIMITED', `Too many tries. Wait ${wait} s.`, { retryAfterSeconds: wait });
    const parsed = parseCredential('attune', apiKey, secrets);
    if (parsed === null) return fail('WRONG_CREDENTIALS', 'This is not an API key.');
    const found = await unitOfWork.run(dangerousSystemActor(parsed.institutionId), async () => {
      const key = await apiKeys.findApiKey(parsed.id);
      if (key === null || key.secretHash !== parsed.digest || key.revokedAt) return null;
      if (key.expiresAt && key.expiresAt.getTime() <= clock.now()) return null;
      return { key, user: await users.findUser(key.userId) };
    });
    if (!found?.user || found.user.disabledAt)
      return fail('WRONG_CREDENTIALS', 'This API key is unknown or has ended.');
    return issueTokens(this.deps, found.user, parsed.institutionId, found.key.id, null);
  }
}
