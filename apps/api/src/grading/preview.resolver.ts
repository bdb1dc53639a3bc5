import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { PreviewGrade, RegradeAssignment, type Regrade } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  PreviewRegradeInput,
  previewRegradeSchema,
  RegradeAssignmentInput,
  RegradeAssignmentResult,
  regradeAssignmentSchema,
  RegradePreviewType,
  toRegradePreview,
} from './regrade-assignment.type.js';
import { PreviewedGradeType, PreviewGradeInput, previewGradeSchema, toPreviewedGrade } from './preview.type.js';

/** What grading would do, before it does; and doing it anew. */
@Resolver()
export class PreviewResolver {
  constructor(
    private readonly preview: PreviewGrade,
    private readonly regrade: RegradeAssignment,
  ) {}

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

  @Query(() => RegradePreviewType, {
    description:
      'Whom it would affect, and by how much, if the works of an assignment were graded anew. Nothing is stored. For teachers.',
  })
  async previewRegrade(
    @CurrentActor() actor: Actor,
    @Args('input') input: PreviewRegradeInput,
  ): Promise<RegradePreviewType> {
    const parsed = orThrow(parseInput(previewRegradeSchema, input));
    return toRegradePreview(orThrow(await this.regrade.preview(actor, parsed)));
  }

  @Mutation(() => RegradeAssignmentResult, {
    description:
      'Moves an assignment to a version of its activity, and has its works graded anew: each gets another score. What a teacher has settled stands, unless you include it. For teachers.',
  })
  async regradeAssignment(
    @CurrentActor() actor: Actor,
    @Args('input') input: RegradeAssignmentInput,
  ): Promise<Regrade | Failure> {
    const parsed = parseInput(regradeAssignmentSchema, input);
    return isFailure(parsed) ? parsed : this.regrade.execute(actor, parsed);
  }
}
