import { fail, type Failure, type Page, type PageRequest } from '#libs/kernel';
import { isManager, type Actor } from '../model/actor.js';
import type { UnitOfWork, User, UserFilter, UserRepository } from '../ports.js';

/** Reads the people of an institution, for those who manage them. */
export class ReadUsers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserRepository,
  ) {}

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
