import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { ManageUsers, type Actor, type User } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import { CreateUserInput, createUserSchema, DisableUserResult, UserResult, type DisabledUser } from './user.type.js';

/** The people of the institution, for those who administer it. */
@Resolver()
export class UserResolver {
  constructor(private readonly manage: ManageUsers) {}

  @Mutation(() => UserResult, { description: 'Creates a person. For administrators and services.' })
  async createUser(@CurrentActor() actor: Actor, @Args('input') input: CreateUserInput): Promise<User | Failure> {
    const parsed = parseInput(createUserSchema, input);
    return isFailure(parsed) ? parsed : this.manage.create(actor, parsed);
  }

  @Mutation(() => DisableUserResult, { description: 'Shuts a user out. For administrators and services.' })
  async disableUser(
    @CurrentActor() actor: Actor,
    @Args('userId', { type: () => Uuid }) userId: string,
  ): Promise<DisabledUser | Failure> {
    return this.manage.disable(actor, userId);
  }
}
