import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { ReadInstitution, type Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType({ description: 'A school, university or company.' })
export class Institution {
  @Field(() => Uuid)
  id!: string;

  @Field()
  name!: string;

  @Field({ description: 'Short name that people sign in with.' })
  slug!: string;

  @Field()
  language!: string;

  @Field({ description: 'IANA time zone.' })
  timeZone!: string;

  @Field({ description: 'Whose law applies, such as DE or US-IL; unknown allows least.' })
  jurisdiction!: string;
}

/** Where the viewer belongs. */
@Resolver()
export class InstitutionResolver {
  constructor(private readonly read: ReadInstitution) {}

  @Query(() => Institution, { description: 'The institution that you belong to.' })
  async institution(@CurrentActor() actor: Actor): Promise<Institution> {
    return this.read.execute(actor);
  }
}
