import { fail, type Failure, type Page, type PageRequest } from '#libs/kernel';
import { isManager, type Actor } from '../model/actor.js';
import type { UnitOfWork, User, UserFilter, UserRepository } from '../ports.js';

/** Reads the people of an institution: oneself, how others are called, and, for those who manage them, everybody. */
export class ReadUsers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserRepository,
  ) {}

  /** Who is signed in; UNAUTHENTICATED when the person is gone. */
  async viewer(actor: Actor): Promise<User | Failure> {
    const user = await this.unitOfWork.read(actor, () => this.users.findUser(actor.userId));
    return user ?? fail('UNAUTHENTICATED');
  }

  /** Names by id, of people whom the actor has met: their ids stand in what she may see. Who is gone is left out. */
  async names(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.unitOfWork.read(actor, () => this.users.findUsers(ids));
    return new Map(found.map(({ id, name }) => [id, name]));
  }

  /** By id; a roster finds its people again by `source` and `externalId`. */
  async list(actor: Actor, page: PageRequest, filter: UserFilter): Promise<Page<User> | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only an administrator or a service may list users.');
    return this.unitOfWork.read(actor, () => this.users.listUsers(page, filter));
  }

  /** Null where there is nobody to be seen. */
  async find(actor: Actor, userId: string): Promise<User | null> {
    if (!isManager(actor)) return null;
    return this.unitOfWork.read(actor, () => this.users.findUser(userId));
  }
}
