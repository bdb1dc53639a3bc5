import { Field, ObjectType } from '@nestjs/graphql';
import { roles } from '#libs/identity';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'Who is signed in.' })
export class Viewer {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field({ description: 'Language tag, such as en or zh-CN.' })
  language!: string;

  @Field(() => [String], { description: oneOf(roles) })
  roles!: string[];

  @Field(() => Uuid)
  institutionId!: string;
}
