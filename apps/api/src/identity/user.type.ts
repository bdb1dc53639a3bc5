import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { roles } from '#libs/identity';
import { languageTagSchema } from '#libs/learning';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { externalKeyFields } from '../graphql/external-key.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

/** Roles of people; services are made by creating an API key. */
const personRoles = ['student', 'teacher', 'admin'] as const;

@ObjectType({ description: 'A person with what administrators see of her.' })
export class UserAccount {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field({ description: 'Language tag, such as en or zh-CN.' })
  language!: string;

  @Field(() => [String], { description: oneOf(roles) })
  roles!: readonly string[];

  @Field(() => Date, { nullable: true })
  disabledAt!: Date | null;

  @Field()
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: 'Where she comes from.' })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'Her id there.' })
  externalId!: string | null;
}

@ObjectType({ description: 'The user is shut out; tokens and sockets stop at once.' })
export class DisabledUser {
  @Field(() => Uuid)
  id!: string;
}

@InputType()
export class CreateUserInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field()
  name!: string;

  @Field(() => String, { nullable: true, description: 'Who signs in locally needs one.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'At least 10 characters. Without one she cannot sign in locally.',
  })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'Language tag, such as en or zh-CN. Default: en.' })
  language?: string | null;

  @Field(() => [String], { description: oneOf(personRoles) })
  roles!: string[];

  @Field(() => String, { nullable: true, description: 'Where she comes from; goes with externalId.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Her id there, such as the key of a roster.' })
  externalId?: string | null;
}

@InputType()
export class SetUserRolesInput {
  @Field(() => Uuid)
  userId!: string;

  @Field(() => [String], { description: oneOf(personRoles) })
  roles!: string[];
}

@InputType()
export class SetUserPasswordInput {
  @Field(() => Uuid)
  userId!: string;

  @Field({ description: 'At least 10 characters.' })
  password!: string;
}

@InputType()
export class ChangePasswordInput {
  @Field({ description: 'Your present password.' })
  present!: string;

  @Field({ description: 'At least 10 characters.' })
  next!: string;
}

@ObjectType({ description: 'Your password is another one now; your other sign-ins have ended.' })
export class PasswordChanged {
  @Field(() => Uuid)
  userId!: string;
}

const password = z.string().min(10).max(500);
const userRoles = z
  .array(z.enum(personRoles))
  .min(1)
  .max(3)
  .transform((given) => [...new Set(given)]);

export const createUserSchema = z.strictObject({
  id: z.string(),
  name: z.string().trim().min(1).max(200),
  email: z.email().max(320).nullable().default(null),
  password: password.nullable().default(null),
  language: languageTagSchema.nullish().transform((tag) => tag ?? 'en'),
  roles: userRoles,
  ...externalKeyFields,
});

export const setUserRolesSchema = z.strictObject({ userId: z.string(), roles: userRoles });
export const setUserPasswordSchema = z.strictObject({ userId: z.string(), password });
export const changePasswordSchema = z.strictObject({ present: z.string().min(1).max(500), next: password });

/** Which users a list is of. */
export const userFilterSchema = z.strictObject({
  role: z.enum(roles).nullable().default(null),
  ...externalKeyFields,
});

export const UserResult = resultOf('UserResult', UserAccount);
export const DisableUserResult = resultOf('DisableUserResult', DisabledUser);
export const UserConnection = connectionTypeOf(UserAccount);
export const ChangePasswordResult = resultOf('ChangePasswordResult', PasswordChanged);
