import { Args, Query, Resolver } from '@nestjs/graphql';
import { PreviewGrade } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { PreviewedGradeType, PreviewGradeInput, previewGradeSchema, toPreviewedGrade } from './preview.type.js';

/** What grading would do, before it does. */
@Resolver()
export class PreviewResolver {
  constructor(private readonly preview: PreviewGrade) {}

  @Query(() => [PreviewedGradeType], {
    description:
      'Tries a specification, which need not be published, on works, and stores nothing. What is wrong with it is told in the issues of the refusal. For teachers.',
  })
  async previewGrade(
    @CurrentActor() actor: Actor,
    @Args('input') input: PreviewGradeInput,
  ): Promise<PreviewedGradeType[]> {
    const parsed = orThrow(parseInput(previewGradeSchema, input));
    return orThrow(await this.preview.execute(actor, parsed)).map(toPreviewedGrade);
  }
}
