import { Args, Query, Resolver } from '@nestjs/graphql';
import { LearnPixelClassifier, type PixelForest } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { Json } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { PixelClassifierInput, pixelClassifierSchema } from './pixel-classifier.type.js';

/** Learning what to count on photos of laboratory work. */
@Resolver()
export class PixelClassifierResolver {
  constructor(private readonly learn: LearnPixelClassifier) {}

  @Query(() => Json, {
    description:
      'Learns from pictures on which you have outlined all that counts how its pixels look: the classifier of a criterion that counts, for a specification of the kind lab-photo. Nothing is stored; the same pictures give the same. Takes seconds. For teachers.',
  })
  async pixelClassifier(
    @CurrentActor() actor: Actor,
    @Args('input') input: PixelClassifierInput,
  ): Promise<PixelForest> {
    return orThrow(await this.learn.execute(actor, orThrow(parseInput(pixelClassifierSchema, input))));
  }
}
