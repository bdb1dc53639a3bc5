import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { ManageApiKeys, type Actor, type ApiKey as ApiKeyModel, type CreatedApiKey } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  ApiKey,
  CreateApiKeyInput,
  CreateApiKeyResult,
  createApiKeySchema,
  RevokeApiKeyResult,
  type RevokedApiKey,
} from './api-key.type.js';

/** API keys of services, for administrators. */
@Resolver()
export class ApiKeyResolver {
  constructor(private readonly manage: ManageApiKeys) {}

  @Query(() => [ApiKey], { description: 'All API keys of the institution, those that have ended too.' })
  async apiKeys(@CurrentActor() actor: Actor): Promise<ApiKeyModel[]> {
    return orThrow(await this.manage.list(actor));
  }

  @Mutation(() => CreateApiKeyResult, { description: 'Creates a service and its API key.' })
  async createApiKey(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateApiKeyInput,
  ): Promise<CreatedApiKey | Failure> {
    const parsed = parseInput(createApiKeySchema, input);
    return isFailure(parsed) ? parsed : this.manage.create(actor, parsed);
  }

  @Mutation(() => RevokeApiKeyResult, { description: 'Ends an API key. Doing it again is harmless.' })
  async revokeApiKey(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<RevokedApiKey | Failure> {
    return this.manage.revoke(actor, id);
  }
}
