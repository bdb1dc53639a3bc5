import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'An API key of a service, without its secret.' })
export class ApiKey {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid, { description: 'The service that acts with it.' })
  userId!: string;

  @Field()
  name!: string;

  @Field()
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;
}

@ObjectType({ description: 'A new API key. Its secret is told this once.' })
export class CreatedApiKey {
  @Field(() => ApiKey)
  key!: ApiKey;

  @Field({ description: 'Keep it: nobody can tell it again. exchangeApiKey takes it.' })
  secret!: string;
}

@ObjectType({ description: 'The key has ended; its tokens and sockets stop at once.' })
export class RevokedApiKey {
  @Field(() => Uuid)
  id!: string;
}

@InputType()
export class CreateApiKeyInput {
  @Field({ description: 'What it is for.' })
  name!: string;

  @Field(() => Date, { nullable: true, description: 'When it ends by itself.' })
  expiresAt?: Date | null;
}

const endOfTime = new Date('2100-01-01T00:00:00Z');

export const createApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  expiresAt: z.date().max(endOfTime, 'must be before the year 2100').nullable().default(null),
});

export const CreateApiKeyResult = resultOf('CreateApiKeyResult', CreatedApiKey);
export const RevokeApiKeyResult = resultOf('RevokeApiKeyResult', RevokedApiKey);
