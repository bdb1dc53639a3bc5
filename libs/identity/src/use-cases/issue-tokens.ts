import type { Clock } from '#libs/kernel';
import type { Actor } from '../model/actor.js';
import type { SecretSource, TokenIssuer, User } from '../ports.js';

/** Lifetimes, in seconds. */
export interface TokenLifetimes {
  readonly access: number;
  readonly refresh: number;
}

/** What a client gets when it signs in or renews. */
export interface Tokens {
  readonly kind: 'tokens';
  readonly accessToken: string;
  readonly expiresAt: Date;
  /** Absent for services: they exchange their API key again. */
  readonly refreshToken: string | null;
}

/** Makes the actor that a token of this user stands for. */
export function actorOf(
  user: Pick<User, 'id' | 'pseudonym' | 'roles'>,
  institutionId: string,
  credentialId: string,
  expiresAt: number,
): Actor {
  const kind = user.roles.includes('service') ? 'service' : 'user';
  return {
    kind,
    institutionId,
    userId: user.id,
    pseudonym: user.pseudonym,
    roles: user.roles,
    credentialId,
    expiresAt,
  };
}

/** Signs the access token that goes with a credential. */
export async function issueTokens(
  deps: { readonly issuer: TokenIssuer; readonly clock: Clock; readonly lifetimes: TokenLifetimes },
  user: User,
  institutionId: string,
  credentialId: string,
  refreshToken: string | null,
): Promise<Tokens> {
  const expiresAt = Math.floor(deps.clock.now() / 1000) + deps.lifetimes.access;
  const accessToken = await deps.issuer.issue(actorOf(user, institutionId, credentialId, expiresAt));
  return { kind: 'tokens', accessToken, expiresAt: new Date(expiresAt * 1000), refreshToken };
}

/** A refresh token or API key in text: institution, row and secret, so that it can be looked up under isolation. */
export function formatCredential(prefix: string, institutionId: string, id: string, secret: string): string {
  return `${prefix}_${institutionId.replaceAll('-', '')}_${id.replaceAll('-', '')}_${secret}`;
}

/** Takes a credential apart again; null when it is not one. */
export function parseCredential(
  prefix: string,
  text: string,
  secrets: SecretSource,
): { institutionId: string; id: string; digest: string } | null {
  const match = /^([a-z]+)_([0-9a-f]{32})_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/.exec(text);
  if (!match || match[1] !== prefix) return null;
  return { institutionId: dashed(match[2]!), id: dashed(match[3]!), digest: secrets.digest(match[4]!) };
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
