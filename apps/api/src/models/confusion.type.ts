import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType('Confusion', { description: 'A label that was given for another one.' })
export class ConfusionType {
  @Field()
  given!: string;

  @Field()
  instead!: string;

  @Field(() => Int)
  examples!: number;

  @Field(() => Int, { description: 'Examples whose label is `instead`.' })
  of!: number;
}
