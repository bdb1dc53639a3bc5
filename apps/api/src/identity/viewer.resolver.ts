import { Query, Resolver } from '@nestjs/graphql';
import { ReadUsers, type Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { orThrow } from '../request/failure.js';
import { Viewer } from './viewer.type.js';

@Resolver(() => Viewer)
export class ViewerResolver {
  constructor(private readonly read: ReadUsers) {}

  @Query(() => Viewer, { description: 'Who is signed in.' })
  async viewer(@CurrentActor() actor: Actor): Promise<Viewer> {
    const { id, name, email, language, roles } = orThrow(await this.read.viewer(actor));
    return { id, name, email, language, roles: [...roles], institutionId: actor.institutionId };
  }
}
