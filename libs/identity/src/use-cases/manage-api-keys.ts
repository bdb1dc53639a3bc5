import { fail, type Clock, type Failure, type IdSource } from '#libs/kernel';
import { isAdmin, type Actor } from '../model/actor.js';
import type {
  ApiKey,
  ApiKeyRepository,
  AuditLog,
  RevocationNotifier,
  SecretSource,
  UnitOfWork,
  UserRepository,
} from '../ports.js';
import { formatCredential } from './issue-tokens.js';

export interface ApiKeyDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly users: UserRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly notifier: RevocationNotifier;
  readonly audit: AuditLog;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export type CreatedApiKey = { readonly kind: 'api-key'; readonly key: ApiKey; readonly secret: string };

/** Creates and ends the API keys of an institution. Each key belongs to a service user of its own. */
export class ManageApiKeys {
  constructor(private readonly deps: ApiKeyDependencies) {}

  /** The secret is told once and stored as a digest only. */
  async create(actor: Actor, input: { name: string; expiresAt: Date | null }): Promise<CreatedApiKey | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'Only an administrator may create API keys.');
    const { ids, secrets, users, apiKeys, unitOfWork, audit, clock } = this.deps;
    const secret = secrets.makeSecret();
    const key = {
      id: ids.next(),
      userId: ids.next(),
      name: input.name,
      secretHash: secrets.digest(secret),
      expiresAt: input.expiresAt,
    };
    await unitOfWork.run(actor, async () => {
      const pseudonym = ids.next();
      await users.insertUser({
        id: key.userId,
        pseudonym,
        name: input.name,
        email: null,
        language: 'en',
        roles: ['service'],
        passwordHash: null,
        source: null,
        externalId: null,
      });
      await apiKeys.insertApiKey(key);
      await audit.record(actor, { action: 'api-key.created', objectKind: 'api-key', objectId: key.id });
    });
    return {
      kind: 'api-key',
      key: { ...key, createdAt: new Date(clock.now()), revokedAt: null },
      secret: formatCredential('attune', actor.institutionId, key.id, secret),
    };
  }

  async list(actor: Actor): Promise<ApiKey[] | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'Only an administrator may list API keys.');
    return this.deps.unitOfWork.read(actor, () => this.deps.apiKeys.listApiKeys());
  }

  /** Ends a key: its tokens and sockets stop at once. */
  async revoke(actor: Actor, id: string): Promise<{ kind: 'revoked'; id: string } | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'Only an administrator may revoke API keys.');
    const { unitOfWork, apiKeys, notifier, audit, clock } = this.deps;
    const found = await unitOfWork.run(actor, async () => {
      const key = await apiKeys.findApiKey(id);
      if (key === null || key.revokedAt !== null) return key;
      await apiKeys.revokeApiKey(id, new Date(clock.now()));
      await audit.record(actor, { action: 'api-key.revoked', objectKind: 'api-key', objectId: id });
      return key;
    });
    if (found === null) return fail('NOT_FOUND', 'There is no such API key.');
    await notifier.credentialsRevoked(actor.institutionId, [id]);
    return { kind: 'revoked', id };
  }
}
