import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadTrust, type AssignmentAgreement, type PoolCertification, type SubmissionView } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import type { SubmissionNode } from './submission.node.js';
import { SubmissionType } from './submission.type.js';
import { AssignmentAgreementType, CertificationType, GradingDecisionType } from './trust.type.js';

/** How far programs may be trusted: what teachers' decisions say of them, and what was decided by that. */
@Resolver(() => SubmissionType)
export class TrustResolver {
  constructor(private readonly trust: ReadTrust) {}

  @Query(() => [CertificationType], {
    description:
      'The programs that grade work of a course, the latest first, with what they are trusted with. For its teachers.',
  })
  async certifications(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<CertificationType[]> {
    return orThrow(await this.trust.certifications(actor, courseId)).map(toCertification);
  }

  @Query(() => AssignmentAgreementType, {
    description: 'How a program agrees with teachers on an assignment. For its teachers.',
  })
  async agreement(
    @CurrentActor() actor: Actor,
    @Args('assignmentId', { type: () => Uuid }) assignmentId: string,
  ): Promise<AssignmentAgreement> {
    return orThrow(await this.trust.agreement(actor, assignmentId));
  }

  @ResolveField(() => [GradingDecisionType], {
    description: 'For teachers: what was decided about its scores, and what that rests on; empty for learners.',
  })
  async decisions(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() node: SubmissionNode,
  ): Promise<readonly GradingDecisionType[]> {
    const decisions = loaderOf(context, 'decisions of submission', (views: readonly SubmissionView[]) =>
      this.trust.decisionsOf(actor, views),
    );
    return (await decisions.load(node.view)) ?? [];
  }
}

function toCertification({ grader, bounded, ...certification }: PoolCertification): CertificationType {
  return {
    ...certification,
    grader: grader.name,
    graderVersion: grader.version,
    modelId: grader.modelId,
    boundAudits: bounded.audits,
    boundWorks: bounded.works,
    boundErrors: bounded.errors,
  };
}
