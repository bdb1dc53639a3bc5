import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { ManageTestSets, type TestSet } from '#libs/training';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  CreateTestSetInput,
  createTestSetSchema,
  TestSetConnection,
  TestSetResult,
  TestSetType,
} from './test-set.type.js';

/** Datasets that are frozen for projects, for those who teach the course. */
@Resolver(() => TestSetType)
export class TestSetResolver {
  constructor(private readonly manage: ManageTestSets) {}

  @Query(() => TestSetConnection, { description: 'The test sets of a course that you teach, newest first.' })
  async testSets(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<TestSet>> {
    const page = orThrow(await this.manage.list(actor, courseId, readPageArgs(first, after, byTime)));
    return toConnection(
      page,
      byTime,
      ({ createdAt: at, id }) => ({ at, id }),
      (testSet) => testSet,
    );
  }

  @Mutation(() => TestSetResult, {
    description: 'Freezes a dataset of a course that you teach for projects: it never changes again.',
  })
  async createTestSet(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateTestSetInput,
  ): Promise<TestSet | Failure> {
    const parsed = parseInput(createTestSetSchema, input);
    return isFailure(parsed) ? parsed : this.manage.create(actor, parsed);
  }
}
