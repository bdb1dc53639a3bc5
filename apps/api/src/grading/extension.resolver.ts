import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type DataLoader from 'dataloader';
import { isFailure, type Failure } from '#libs/kernel';
import {
  GrantExtension,
  ReadAssignments,
  type AssignmentView,
  type AssignmentWindow,
  type Extension,
} from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { loaderOf } from '../graphql/loader.js';
import { parseInput } from '../request/input.js';
import {
  AssignmentType,
  ExtensionType,
  GrantExtensionInput,
  GrantExtensionResult,
  grantExtensionSchema,
} from './assignment.type.js';

/** When assignments take work, and for whom longer. */
@Resolver(() => AssignmentType)
export class ExtensionResolver {
  constructor(
    private readonly grant: GrantExtension,
    private readonly read: ReadAssignments,
  ) {}

  @Mutation(() => GrantExtensionResult, {
    description: 'Gives a learner more time for an assignment, or takes that away. For teachers.',
  })
  async grantExtension(
    @CurrentActor() actor: Actor,
    @Args('input') input: GrantExtensionInput,
  ): Promise<AssignmentView | Failure> {
    const parsed = parseInput(grantExtensionSchema, input);
    if (isFailure(parsed)) return parsed;
    const granted = await this.grant.execute(actor, parsed);
    return isFailure(granted) ? granted : this.read.toView(granted, 'teacher');
  }

  @ResolveField(() => Boolean, { description: 'Whether it takes work now, of a learner with the time that she has.' })
  async open(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() assignment: AssignmentView,
  ): Promise<boolean> {
    return (await this.windowsOf(actor, context).load(assignment))!.open;
  }

  @ResolveField(() => Date, { nullable: true, description: 'Your own due date, where you were given more time.' })
  async extendedTo(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() assignment: AssignmentView,
  ): Promise<Date | null> {
    return (await this.windowsOf(actor, context).load(assignment))!.extendedTo;
  }

  @ResolveField(() => [ExtensionType], { description: 'For teachers: who has more time; empty for learners.' })
  async extensions(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() assignment: AssignmentView,
  ): Promise<readonly Extension[]> {
    const extensions = loaderOf(context, 'extensions of assignment', (views: readonly AssignmentView[]) =>
      this.read.extensionsOf(actor, views),
    );
    return (await extensions.load(assignment)) ?? [];
  }

  private windowsOf(actor: Actor, context: GraphqlContext): DataLoader<AssignmentView, AssignmentWindow | null> {
    return loaderOf(context, 'window of assignment', (views: readonly AssignmentView[]) =>
      this.read.windowsOf(actor, views),
    );
  }
}
