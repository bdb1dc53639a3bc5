import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  ManagePolicies,
  ReadPolicies,
  TakePartInExperiments,
  type CoursePolicies,
  type ExperimentNotice,
  type ExperimentParticipation,
  type PolicyView,
} from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  CoursePoliciesResult,
  CoursePoliciesType,
  CreatePolicyInput,
  ExperimentNoticeType,
  ExperimentParticipationResult,
  PolicyResult,
  SetPolicyPlanInput,
} from './policy.type.js';

const reference = z.strictObject({ name: z.string().min(1).max(100), version: z.int().min(1).max(1_000_000) });
const createPolicySchema = reference.extend({
  courseId: z.string(),
  base: reference,
  changes: z.record(z.string(), z.json()),
});

/** The policies of a course: how they are made, which of them choose, and whether a learner takes part. */
@Resolver()
export class PolicyResolver {
  constructor(
    private readonly read: ReadPolicies,
    private readonly manage: ManagePolicies,
    private readonly experiments: TakePartInExperiments,
  ) {}

  @Query(() => CoursePoliciesType, {
    description: 'The policies that may choose in a course that you teach, and which of them do.',
  })
  async policies(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<CoursePoliciesType> {
    return toCoursePolicies(orThrow(await this.read.execute(actor, courseId)));
  }

  @Mutation(() => PolicyResult, {
    description: 'Makes a policy of a course that you teach. Sending the same again is harmless.',
  })
  async createPolicy(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreatePolicyInput,
  ): Promise<PolicyView | Failure> {
    const parsed = parseInput(createPolicySchema, input);
    if (isFailure(parsed)) return parsed;
    const { courseId, ...policy } = parsed;
    return this.manage.create(actor, courseId, policy);
  }

  @Mutation(() => CoursePoliciesResult, {
    description: 'Says which policies choose in a course that you teach, in place of what was said before.',
  })
  async setPolicyPlan(
    @CurrentActor() actor: Actor,
    @Args('input') { courseId, plan }: SetPolicyPlanInput,
  ): Promise<CoursePoliciesType | Failure> {
    const wanted = plan && {
      ...plan,
      version: 1,
      startsAt: plan.startsAt.getTime(),
      endsAt: plan.endsAt?.getTime() ?? null,
    };
    const outcome = await this.manage.setPlan(actor, courseId, wanted ?? null);
    return isFailure(outcome) ? outcome : toCoursePolicies(outcome);
  }

  @Query(() => ExperimentNoticeType, {
    nullable: true,
    description: 'What you are told while policies are compared in a course where you learn; null while none are.',
  })
  async experimentNotice(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<ExperimentNotice | null> {
    return this.experiments.notice(actor, courseId);
  }

  @Mutation(() => ExperimentParticipationResult, {
    description: 'Says whether you take part where policies are compared. It counts from the next choice on.',
  })
  async setExperimentParticipation(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args('takesPart') takesPart: boolean,
  ): Promise<ExperimentParticipation | Failure> {
    return this.experiments.choose(actor, courseId, takesPart);
  }
}

function toCoursePolicies({ policies, plan }: CoursePolicies): CoursePoliciesType {
  return {
    policies,
    plan: plan && {
      ...plan,
      startsAt: new Date(plan.startsAt),
      endsAt: plan.endsAt === null ? null : new Date(plan.endsAt),
    },
  };
}
