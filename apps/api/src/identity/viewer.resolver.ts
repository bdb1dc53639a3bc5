import { Query, Resolver } from '@nestjs/graphql';
import { fail, FailureError } from '#libs/kernel';
import { UnitOfWork, UserRepository, type Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { Viewer } from './viewer.type.js';

@Resolver(() => Viewer)
export class ViewerResolver {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserRepository,
  ) {}

  @Query(() => Viewer, { description: 'Who is signed in.' })
  async viewer(@CurrentActor() actor: Actor): Promise<Viewer> {
    const user = await this.unitOfWork.read(actor, () => this.users.findUser(actor.userId));
    if (user === null) throw new FailureError(fail('UNAUTHENTICATED'));
    const { id, name, email, language, roles } = user;
    return { id, name, email, language, roles: [...roles], institutionId: actor.institutionId };
  }
}
