import { AttuneFailure } from './attune-failure.js';

/** What signing in gives. */
export interface TokenPair {
  readonly accessToken: string;
  /** RFC 3339, by the clock of the server. */
  readonly expiresAt: string;
  /** Null for services: they exchange their API key again. */
  readonly refreshToken: string | null;
}

/** Gets the next pair in exchange for the present one. */
export type Renewal = (present: TokenPair) => Promise<TokenPair>;

interface Held {
  readonly pair: TokenPair;
  readonly renewal: Renewal;
  /** When to renew and when it ends, by the local clock. */
  readonly renewAt: number;
  readonly endsAt: number;
}

/** An access token is renewed when a third of its life is left, and at least this long before its end. */
const leastMargin = 2_000;

/**
 * Keeps one sign-in alive for everything that a client does: GraphQL and sockets get their access token here, and
 * however many ask at once, it is renewed once.
 */
export class TokenKeeper {
  private held: Held | null = null;
  private renewing: Promise<string> | null = null;

  /** @param onChange told of each new pair, and of null when the sign-in has ended */
  constructor(private readonly onChange: (pair: TokenPair | null) => void = () => undefined) {}

  /** Whether there is a sign-in to act under. */
  get isSignedIn(): boolean {
    return this.held !== null;
  }

  begin(pair: TokenPair, renewal: Renewal): void {
    this.hold(pair, renewal);
  }

  end(): void {
    if (this.held === null) return;
    this.held = null;
    this.onChange(null);
  }

  /** A token that is good for a while; renews it first where its end is near. */
  async accessToken(): Promise<string> {
    const { held } = this;
    if (held === null) throw new AttuneFailure('UNAUTHENTICATED', 'Nobody is signed in.');
    if (Date.now() < held.renewAt) return held.pair.accessToken;
    try {
      return await this.renew();
    } catch (error) {
      // While the server cannot be reached, the old token serves to its end.
      if (this.held !== null && Date.now() < held.endsAt) return held.pair.accessToken;
      throw error;
    }
  }

  /** Renews now, whatever the clock says; all callers share one renewal. */
  renew(): Promise<string> {
    this.renewing ??= this.exchange().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async exchange(): Promise<string> {
    const { held } = this;
    if (held === null) throw new AttuneFailure('UNAUTHENTICATED', 'Nobody is signed in.');
    try {
      const pair = await held.renewal(held.pair);
      if (this.held === held) this.hold(pair, held.renewal);
      return pair.accessToken;
    } catch (error) {
      const refused = error instanceof AttuneFailure && error.isFinal;
      if (refused && this.held === held) this.end();
      throw error;
    }
  }

  private hold(pair: TokenPair, renewal: Renewal): void {
    const now = Date.now();
    const life = lifeOf(pair, now);
    const margin = Math.min(Math.max(life / 3, leastMargin), life / 2);
    this.held = { pair, renewal, renewAt: now + life - margin, endsAt: now + life };
    this.onChange(pair);
  }
}

/** Milliseconds that a new token lives. Its own claims say it without trusting the clock of the device. */
function lifeOf({ accessToken, expiresAt }: TokenPair, now: number): number {
  try {
    const claims = accessToken.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const { iat, exp } = JSON.parse(atob(claims)) as { iat: number; exp: number };
    if (exp > iat) return (exp - iat) * 1000;
  } catch {
    // Not a JWT that can be read: then by the clocks.
  }
  return Math.max(0, Date.parse(expiresAt) - now);
}
