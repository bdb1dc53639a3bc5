import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '../model/actor.js';
import type { UnitOfWork, User, UserRepository } from '../ports.js';

/** Reads the people of an institution: oneself, and how others are called. */
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
}
