import { Args, Field, Float, InputType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { SetAccommodations, type LearnerAccommodations } from '#libs/learning';
import { CurrentActor } from '../graphql/context.js';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';
import { changeWords } from '../request/change.js';

@ObjectType({ description: 'What a learner needs, in every course.' })
export class Accommodations {
  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => [String], {
    description: 'Channels that she cannot use: nothing that speaks through them is recommended.',
  })
  excludedModalities!: readonly string[];

  @Field(() => Float, { description: 'Factor by which her time is longer, from 1.' })
  extraTime!: number;

  @Field({ description: 'She uses no pointer: nothing that takes one is recommended.' })
  keyboardOnly!: boolean;

  @Field({ description: 'She cannot draw: nothing that has to be drawn is recommended.' })
  noDrawing!: boolean;

  @Field({ description: 'She hears what others see: nothing is recommended that takes sight.' })
  screenReader!: boolean;

  @Field({ description: 'The language that she reads best.' })
  language!: string;
}

@InputType({ description: changeWords })
export class SetAccommodationsInput {
  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => [String], { nullable: true, description: 'text, picture, audio, video, interactive, drawing.' })
  excludedModalities?: string[] | null;

  @Field(() => Float, { nullable: true, description: '1 to 4.' })
  extraTime?: number | null;

  @Field(() => Boolean, { nullable: true })
  keyboardOnly?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  noDrawing?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  screenReader?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Language tag, such as en or zh-CN.' })
  language?: string | null;
}

const AccommodationsResult = resultOf('AccommodationsResult', Accommodations);

/** What learners need beside the course. */
@Resolver()
export class AccommodationsResolver {
  constructor(private readonly set: SetAccommodations) {}

  @Query(() => Accommodations, {
    nullable: true,
    description: 'What a learner needs: you yourself, or a learner of yours; null when there is none.',
  })
  async accommodations(
    @CurrentActor() actor: Actor,
    @Args('learnerId', { type: () => Uuid }) learnerId: string,
  ): Promise<LearnerAccommodations | null> {
    return this.set.find(actor, learnerId);
  }

  @Mutation(() => AccommodationsResult, {
    description: 'Says what a learner needs. For her teachers, administrators and services.',
  })
  async setAccommodations(
    @CurrentActor() actor: Actor,
    @Args('input') { learnerId, ...input }: SetAccommodationsInput,
  ): Promise<LearnerAccommodations | Failure> {
    const change = Object.fromEntries(
      Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
    );
    return this.set.execute(actor, { ...change, learnerId });
  }
}
