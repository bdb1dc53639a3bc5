import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { languageTagSchema } from '#libs/learning';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';

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

  @Field(() => [String], { description: 'student, teacher or admin.' })
  roles!: readonly string[];

  @Field(() => Date, { nullable: true })
  disabledAt!: Date | null;

  @Field()
  createdAt!: Date;
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

  @Field(() => [String], { description: 'student, teacher or admin.' })
  roles!: string[];
}

export const createUserSchema = z.strictObject({
  id: z.string(),
  name: z.string().trim().min(1).max(200),
  email: z.email().max(320).nullable().default(null),
  password: z.string().min(10).max(500).nullable().default(null),
  language: languageTagSchema.nullish().transform((tag) => tag ?? 'en'),
  roles: z
    .array(z.enum(['student', 'teacher', 'admin']))
    .min(1)
    .max(3)
    .transform((given) => [...new Set(given)]),
});

export const UserResult = resultOf('UserResult', UserAccount);
export const DisableUserResult = resultOf('DisableUserResult', DisabledUser);
