import {
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { fail, isId, type Clock, type Failure, type IdSource } from '#libs/kernel';
import { roles, TokenIssuer, type Actor, type SigningKeyStore, type StoredSigningKey } from '#libs/identity';
import type { Seal } from './secrets.js';

const algorithm = 'ES256';
const day = 86_400_000;
/** A key signs for 30 days at most; its successor is made a week before. */
const signsFor = 30 * day;
const renewBefore = 7 * day;
/** A key is public for so long before it signs, so that everybody who keeps a copy of the keys knows it in time. */
const publicBefore = day;
const verifiesAfter = 2 * day;
/** How long a process trusts its copy of the keys. */
const keptFor = 60_000;
/** An unknown key id makes a process look again, but not more often than this. */
const lookAgainAfter = 2_000;
const keptTokens = 10_000;

const claimsSchema = z.object({
  sub: z.string().refine(isId),
  ins: z.string().refine(isId),
  psn: z.string().refine(isId),
  sid: z.string().refine(isId),
  knd: z.enum(['user', 'service']),
  rol: z.array(z.enum(roles)),
  exp: z.number(),
});

interface KeyRing {
  readonly keys: readonly StoredSigningKey[];
  readonly publicKeys: ReadonlyMap<string, CryptoKey | Uint8Array>;
  readonly signing: { readonly id: string; readonly key: CryptoKey | Uint8Array } | null;
  readonly loadedAt: number;
}

/**
 * Signs and verifies access tokens: JWTs with ES256 under keys that rotate and whose public halves are published as a
 * JWK set (RFC 7517). Verified tokens are remembered until they expire, because the same one comes with every request.
 */
export class TokenService extends TokenIssuer {
  private ring: Promise<KeyRing> | null = null;
  private readonly verified = new Map<string, Actor>();

  constructor(
    private readonly store: SigningKeyStore,
    private readonly seal: Seal,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly issuer: string,
  ) {
    super();
  }

  override async issue(actor: Actor): Promise<string> {
    const { signing } = await this.current();
    if (signing === null) throw new Error('There is no key to sign with.');
    return new SignJWT({
      ins: actor.institutionId,
      psn: actor.pseudonym,
      sid: actor.credentialId,
      knd: actor.kind,
      rol: actor.roles,
    })
      .setProtectedHeader({ alg: algorithm, kid: signing.id, typ: 'at+jwt' })
      .setSubject(actor.userId)
      .setIssuer(this.issuer)
      .setAudience('attune')
      .setIssuedAt(Math.floor(this.clock.now() / 1000))
      .setExpirationTime(actor.expiresAt)
      .sign(signing.key);
  }

  /** Who the token stands for. Whether the credential behind it still stands is asked of the database. */
  async verify(token: string): Promise<Actor | Failure> {
    const now = this.clock.now();
    const known = this.verified.get(token);
    if (known !== undefined && known.expiresAt * 1000 > now) return known;
    try {
      const { payload } = await jwtVerify(token, this.findKey, {
        algorithms: [algorithm],
        issuer: this.issuer,
        audience: 'attune',
        typ: 'at+jwt',
        currentDate: new Date(now),
      });
      const claims = claimsSchema.parse(payload);
      const actor: Actor = {
        kind: claims.knd,
        institutionId: claims.ins,
        userId: claims.sub,
        pseudonym: claims.psn,
        roles: claims.rol,
        credentialId: claims.sid,
        expiresAt: claims.exp,
      };
      this.verified.set(token, actor);
      if (this.verified.size > keptTokens) this.verified.delete(this.verified.keys().next().value!);
      return actor;
    } catch (error) {
      if (!isTokenError(error)) throw error;
      const expired = (error as { code?: string }).code === 'ERR_JWT_EXPIRED';
      return fail(
        'UNAUTHENTICATED',
        expired ? 'The access token has expired. Renew it.' : 'The access token is not valid.',
      );
    }
  }

  /** The public keys that verify tokens now, as a JWK set. */
  async publicKeys(): Promise<{ keys: object[] }> {
    const { keys } = await this.current();
    return { keys: keys.map(({ publicJwk }) => publicJwk) };
  }

  private readonly findKey: JWTVerifyGetKey = async ({ kid }) => {
    if (kid === undefined) throw new UnknownKey();
    let ring = await this.current();
    if (!ring.publicKeys.has(kid) && this.clock.now() - ring.loadedAt > lookAgainAfter) ring = await this.reload();
    const key = ring.publicKeys.get(kid);
    if (key === undefined) throw new UnknownKey();
    return key;
  };

  private async current(): Promise<KeyRing> {
    const ring = await (this.ring ?? this.reload());
    return this.clock.now() - ring.loadedAt > keptFor ? this.reload() : ring;
  }

  private reload(): Promise<KeyRing> {
    const loading = this.load();
    this.ring = loading;
    loading.catch(() => (this.ring = this.ring === loading ? null : this.ring));
    return loading;
  }

  private async load(): Promise<KeyRing> {
    const now = this.clock.now();
    let keys = await this.store.listKeys(new Date(now));
    const [newest] = this.usable(keys, now);
    if (newest === undefined || newest.key.signsUntil.getTime() - now < renewBefore) {
      await this.store.insertKey(await this.makeKey(now));
      keys = await this.store.listKeys(new Date(now));
    }
    const usable = this.usable(keys, now);
    const chosen = usable.find(({ key }) => now - key.createdAt.getTime() >= publicBefore) ?? usable[0];
    const publicKeys = await Promise.all(
      keys.map(async ({ id, publicJwk }) => [id, await importJWK(publicJwk as JWK, algorithm)] as const),
    );
    const signing =
      chosen === undefined
        ? null
        : { id: chosen.key.id, key: await importJWK(JSON.parse(chosen.privateJwk) as JWK, algorithm) };
    return { keys, publicKeys: new Map(publicKeys), signing, loadedAt: now };
  }

  /** The keys that may sign and whose private halves open under our secret, the newest first. */
  private usable(keys: readonly StoredSigningKey[], now: number): { key: StoredSigningKey; privateJwk: string }[] {
    return keys.flatMap((key) => {
      const privateJwk = key.signsUntil.getTime() <= now ? null : this.seal.open(key.sealedPrivate);
      return privateJwk === null ? [] : [{ key, privateJwk }];
    });
  }

  private async makeKey(now: number): Promise<StoredSigningKey> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const id = this.ids.next();
    return {
      id,
      publicJwk: { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' },
      sealedPrivate: this.seal.close(JSON.stringify(await exportJWK(privateKey))),
      createdAt: new Date(now),
      signsUntil: new Date(now + signsFor),
      verifiesUntil: new Date(now + signsFor + verifiesAfter),
    };
  }
}

class UnknownKey extends Error {}

function isTokenError(error: unknown): boolean {
  if (error instanceof UnknownKey || error instanceof z.ZodError) return true;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('ERR_JW') || code.startsWith('ERR_JOSE'));
}
