import {
  checkExternalKey,
  fail,
  isFailure,
  isSameJson,
  type Clock,
  type ExternalKeyInput,
  type Failure,
  type IdSource,
} from '#libs/kernel';
import { isAdmin, isManager, type Actor, type Role } from '../model/actor.js';
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

export interface NewUserInput extends ExternalKeyInput {
  /** Made by the caller; the same id with the same body is the same user. */
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly password: string | null;
  readonly language: string;
  readonly roles: readonly Role[];
}

/** Creates the people of an institution, changes what they may do, and shuts them out. */
export class ManageUsers {
  constructor(private readonly deps: ManageUsersDependencies) {}

  async create(actor: Actor, input: NewUserInput): Promise<User | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only an administrator or a service may create users.');
    if (!isAdmin(actor) && input.roles.includes('admin'))
      return fail('FORBIDDEN', 'A service may not create administrators.');
    const wrong = refuseServiceRole(input.roles) ?? checkExternalKey(input);
    if (wrong !== null) return wrong;
    const { unitOfWork, users, hasher, ids } = this.deps;
    if (!(await this.mayHavePassword(actor, input))) return fail('ID_REUSED');
    const passwordHash = input.password === null ? null : await hasher.hash(input.password);
    const { id, name, language, roles, source = null, externalId = null } = input;
    const email = input.email?.trim().toLowerCase() ?? null;
    const chosen = { name, email, language, roles, source, externalId };
    return unitOfWork.run(actor, async () => {
      const inserted = await users.insertUser({ id, pseudonym: ids.next(), ...chosen, passwordHash });
      if (inserted === 'email-taken') return fail('TAKEN', 'Somebody else has this e-mail address.');
      if (inserted === 'key-taken') return fail('TAKEN', 'Somebody else has this external key.');
      const user = (await users.findUser(id))!;
      if (inserted === 'id-taken') return isSameJson(bodyOf(user), bodyOf(chosen)) ? user : fail('ID_REUSED');
      await this.note(actor, 'user.created', user, { roles });
      return user;
    });
  }

  /** Whether nobody has this id, or somebody with this password. Asked before the transaction: it takes a while. */
  private async mayHavePassword(actor: Actor, { id, password }: NewUserInput): Promise<boolean> {
    const found = await this.deps.unitOfWork.run(actor, () => this.deps.users.findPasswordHash(id));
    if (found === null) return true;
    return password === null ? found.hash === null : this.deps.hasher.verify(found.hash, password);
  }

  /** Gives a user other roles. Her tokens name the old ones, so she has to sign in again. */
  async setRoles(actor: Actor, userId: string, roles: readonly Role[]): Promise<User | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only an administrator or a service may change roles.');
    if (userId === actor.userId) return fail('FORBIDDEN', 'You cannot change your own roles.');
    if (!isAdmin(actor) && roles.includes('admin')) return fail('FORBIDDEN', 'A service may not make administrators.');
    const wrong = refuseServiceRole(roles);
    if (wrong !== null) return wrong;
    return this.change(actor, userId, async (user) => {
      if (isSameJson(bodyOf(user).roles, bodyOf({ ...user, roles }).roles)) return [];
      await this.deps.users.updateUser(userId, { roles });
      await this.note(actor, 'user.roles-changed', user, { roles });
      return this.deps.signIns.revokeAllOf(userId, this.now());
    });
  }

  /** Gives a user another password, who has forgotten hers. She is signed out everywhere. */
  async setPassword(actor: Actor, userId: string, password: string): Promise<User | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'Only an administrator may set somebody’s password.');
    if (userId === actor.userId) return fail('FORBIDDEN', 'Change your own password by showing the present one.');
    const passwordHash = await this.deps.hasher.hash(password);
    return this.change(actor, userId, async (user) => {
      await this.deps.users.updateUser(userId, { passwordHash });
      await this.note(actor, 'user.password-set', user);
      return this.deps.signIns.revokeAllOf(userId, this.now());
    });
  }

  /** Shuts a user out: tokens and sockets stop at once. */
  async disable(actor: Actor, userId: string): Promise<{ kind: 'disabled'; id: string } | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only an administrator or a service may disable users.');
    if (userId === actor.userId) return fail('FORBIDDEN', 'You cannot disable yourself.');
    const outcome = await this.change(actor, userId, async (user) => {
      if (user.disabledAt !== null) return [];
      await this.deps.users.updateUser(userId, { disabledAt: this.now() });
      await this.note(actor, 'user.disabled', user);
      return this.deps.signIns.revokeAllOf(userId, this.now());
    });
    return isFailure(outcome) ? outcome : { kind: 'disabled', id: userId };
  }

  /** Runs a change of somebody else; the sign-ins that it ends are told to open sockets. */
  private async change(
    actor: Actor,
    userId: string,
    act: (user: User) => Promise<readonly string[]>,
  ): Promise<User | Failure> {
    const { unitOfWork, users, notifier } = this.deps;
    let ended: readonly string[] = [];
    const outcome = await unitOfWork.run(actor, async () => {
      const user = await users.findUser(userId);
      if (user === null) return fail('NOT_FOUND', 'There is no such user.');
      if (!isAdmin(actor) && user.roles.includes('admin'))
        return fail('FORBIDDEN', 'A service may not change administrators.');
      if (user.roles.includes('service'))
        return fail('INVALID_INPUT', 'A service is managed by its API key: revoke that to end it.');
      ended = await act(user);
      return (await users.findUser(userId))!;
    });
    if (ended.length > 0) await notifier.credentialsRevoked(actor.institutionId, ended);
    return outcome;
  }

  private note(actor: Actor, action: string, { pseudonym }: User, details?: Record<string, unknown>): Promise<void> {
    const entry = { action, objectKind: 'person', objectId: pseudonym, ...(details && { details }) };
    return this.deps.audit.record(actor, entry);
  }

  private now(): Date {
    return new Date(this.deps.clock.now());
  }
}

function refuseServiceRole(roles: readonly Role[]): Failure | null {
  return roles.includes('service') ? fail('INVALID_INPUT', 'Services are made by creating an API key.') : null;
}

/** What the caller chose; roles are a set. */
function bodyOf(user: Pick<User, 'name' | 'email' | 'language' | 'roles' | 'source' | 'externalId'>) {
  const { name, email, language, roles, source, externalId } = user;
  return { name, email, language, roles: [...roles].sort(), source, externalId };
}
