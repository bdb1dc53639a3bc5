import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { ChangePassword, ManageUsers, ReadUsers, roles, type Actor, type User } from '#libs/identity';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byId } from '../graphql/cursor.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  ChangePasswordInput,
  ChangePasswordResult,
  changePasswordSchema,
  CreateUserInput,
  createUserSchema,
  DisableUserResult,
  SetUserPasswordInput,
  setUserPasswordSchema,
  SetUserRolesInput,
  setUserRolesSchema,
  UserAccount,
  UserConnection,
  userFilterSchema,
  UserResult,
  type DisabledUser,
  type PasswordChanged,
} from './user.type.js';

/** The people of the institution, for those who administer it. */
@Resolver()
export class UserResolver {
  constructor(
    private readonly manage: ManageUsers,
    private readonly read: ReadUsers,
    private readonly passwords: ChangePassword,
  ) {}

  @Query(() => UserConnection, {
    description: 'The people and services of the institution, by id. For administrators and services.',
  })
  async users(
    @CurrentActor() actor: Actor,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args('role', { type: () => String, nullable: true, description: `Only who has this role: ${oneOf(roles)}` })
    role?: string | null,
    @Args('source', { type: () => String, nullable: true, description: 'Only who comes from there.' })
    source?: string | null,
    @Args('externalId', { type: () => String, nullable: true, description: 'Only who has this id there.' })
    externalId?: string | null,
  ): Promise<Connection<User>> {
    const page = readPageArgs(first, after, byId);
    const filter = orThrow(parseInput(userFilterSchema, { role, source, externalId }));
    return toConnection(
      orThrow(await this.read.list(actor, page, filter)),
      byId,
      ({ id }) => id,
      (user) => user,
    );
  }

  @Query(() => UserAccount, {
    nullable: true,
    description: 'One of the people of the institution; null when there is none. For administrators and services.',
  })
  async user(@CurrentActor() actor: Actor, @Args('id', { type: () => Uuid }) id: string): Promise<User | null> {
    return this.read.find(actor, id);
  }

  @Mutation(() => UserResult, { description: 'Creates a person. For administrators and services.' })
  async createUser(@CurrentActor() actor: Actor, @Args('input') input: CreateUserInput): Promise<User | Failure> {
    const parsed = parseInput(createUserSchema, input);
    return isFailure(parsed) ? parsed : this.manage.create(actor, parsed);
  }

  @Mutation(() => UserResult, {
    description: 'Gives a person other roles; she has to sign in again. For administrators and services.',
  })
  async setUserRoles(@CurrentActor() actor: Actor, @Args('input') input: SetUserRolesInput): Promise<User | Failure> {
    const parsed = parseInput(setUserRolesSchema, input);
    return isFailure(parsed) ? parsed : this.manage.setRoles(actor, parsed.userId, parsed.roles);
  }

  @Mutation(() => UserResult, {
    description: 'Gives a person another password; she is signed out everywhere. For administrators.',
  })
  async setUserPassword(
    @CurrentActor() actor: Actor,
    @Args('input') input: SetUserPasswordInput,
  ): Promise<User | Failure> {
    const parsed = parseInput(setUserPasswordSchema, input);
    return isFailure(parsed) ? parsed : this.manage.setPassword(actor, parsed.userId, parsed.password);
  }

  @Mutation(() => ChangePasswordResult, { description: 'Changes your own password; your other sign-ins end.' })
  async changePassword(
    @CurrentActor() actor: Actor,
    @Args('input') input: ChangePasswordInput,
  ): Promise<PasswordChanged | Failure> {
    const parsed = parseInput(changePasswordSchema, input);
    return isFailure(parsed) ? parsed : this.passwords.execute(actor, parsed);
  }

  @Mutation(() => DisableUserResult, { description: 'Shuts a user out. For administrators and services.' })
  async disableUser(
    @CurrentActor() actor: Actor,
    @Args('userId', { type: () => Uuid }) userId: string,
  ): Promise<DisabledUser | Failure> {
    return this.manage.disable(actor, userId);
  }
}
