import { fail, isFailure, type Clock, type Failure, type IdSource } from '#libs/kernel';
import { isAdmin, isTrustedService, type Actor, type Role } from '../model/actor.js';
import type {
  AuditLog,
  PasswordHasher,
  RevocationNotifier,
  SignInRepository,
  UnitOfWork,
  User,
  UserRepository,
} from '../ports.js';

export interface ManageUsersDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly users: UserRepository;
  readonly signIns: SignInRepository;
  readonly hasher: PasswordHasher;
  readonly notifier: RevocationNotifier;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export interface NewUserInput {
  /** Made by the caller; the same id with the same body is the same user. */
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly password: string | null;
  readonly language: string;
  readonly roles: readonly Role[];
}

/** Creates and disables the people of an institution. */
export class ManageUsers {
  constructor(private readonly deps: ManageUsersDependencies) {}

  async create(actor: Actor, input: NewUserInput): Promise<User | Failure> {
    if (!isAdmin(actor) && !isTrustedService(actor))
      return fail('FORBIDDEN', 'Only an administrator may create users.');
    if (!isAdmin(actor) && input.roles.includes('admin'))
      return fail('FORBIDDEN', 'A service may not create administrators.');
    if (input.roles.includes('service')) return fail('INVALID_INPUT', 'Services are made by creating an API key.');
    const { unitOfWork, users, hasher, audit, ids } = this.deps;
    if (!(await this.mayHavePassword(actor, input))) return fail('ID_REUSED');
    const passwordHash = input.password === null ? null : await hasher.hash(input.password);
    const { id, name, language, roles } = input;
    const email = input.email?.trim().toLowerCase() ?? null;
    return unitOfWork.run(actor, async () => {
      const inserted = await users.insertUser({
        id,
        pseudonym: ids.next(),
        name,
        email,
        language,
        roles,
        passwordHash,
      });
      if (inserted === 'email-taken') return fail('ID_REUSED', 'Somebody else has this e-mail address.');
      const user = (await users.findUser(id))!;
      if (inserted === 'id-taken') return isSame(user, { name, email, language, roles }) ? user : fail('ID_REUSED');
      const { pseudonym } = user;
      await audit.record(actor, {
        action: 'user.created',
        objectKind: 'person',
        objectId: pseudonym,
        details: { roles },
      });
      return user;
    });
  }

  /** Whether nobody has this id, or somebody with this password. Asked before the transaction: it takes a while. */
  private async mayHavePassword(actor: Actor, { id, password }: NewUserInput): Promise<boolean> {
    const found = await this.deps.unitOfWork.run(actor, () => this.deps.users.findPasswordHash(id));
    if (found === null) return true;
    return password === null ? found.hash === null : this.deps.hasher.verify(found.hash, password);
  }

  /** Shuts a user out: tokens and sockets stop at once. */
  async disable(actor: Actor, userId: string): Promise<{ kind: 'disabled'; id: string } | Failure> {
    if (!isAdmin(actor) && !isTrustedService(actor))
      return fail('FORBIDDEN', 'Only an administrator or a service may disable users.');
    if (userId === actor.userId) return fail('FORBIDDEN', 'You cannot disable yourself.');
    const { unitOfWork, users, signIns, notifier, audit, clock } = this.deps;
    const now = new Date(clock.now());
    const ended = await unitOfWork.run(actor, async () => {
      const user = await users.findUser(userId);
      if (user === null) return fail('NOT_FOUND', 'There is no such user.');
      if (!isAdmin(actor) && user.roles.includes('admin'))
        return fail('FORBIDDEN', 'A service may not disable administrators.');
      if (user.roles.includes('service')) return fail('INVALID_INPUT', 'A service is ended by revoking its API key.');
      if (user.disabledAt !== null) return [];
      await users.disableUser(userId, now);
      await audit.record(actor, { action: 'user.disabled', objectKind: 'person', objectId: user.pseudonym });
      return signIns.revokeAllOf(userId, now);
    });
    if (isFailure(ended)) return ended;
    await notifier.credentialsRevoked(actor.institutionId, ended);
    return { kind: 'disabled', id: userId };
  }
}

function isSame(user: User, { name, email, language, roles }: Omit<NewUserInput, 'id' | 'password'>): boolean {
  const sameRoles = user.roles.length === roles.length && roles.every((role) => user.roles.includes(role));
  return user.name === name && user.email === email && user.language === language && sameRoles;
}
