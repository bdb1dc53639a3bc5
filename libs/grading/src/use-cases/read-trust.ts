import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import { kindOf, readSpecification } from '../kinds/specification.js';
import type { SubmissionView } from '../model/submission-view.js';
import { agreementOf, type Agreement, type DecidedCriterion } from '../policy/agreement.js';
import type { Certification } from '../policy/certification.js';
import type { Assignment, AssignmentRepository } from '../ports.js';
import type { DecisionRepository, GraderPool, StoredDecision } from '../trust.ports.js';
import { certificationsOf } from './certifications-of.js';

/** How far a grader may be trusted with one type of criterion. */
export interface PoolCertification extends GraderPool, Certification {}

/** How a program agrees with teachers on one criterion. */
export interface CriterionAgreement {
  readonly criterionId: string;
  readonly label: string;
  readonly agreement: Agreement;
}

/** How a program agrees with teachers on an assignment. */
export interface AssignmentAgreement {
  /** Works that teachers decided on. */
  readonly works: number;
  /** Over all criteria. */
  readonly overall: Agreement;
  /** In the order of the specification. */
  readonly criteria: readonly CriterionAgreement[];
}

const [mostPools, mostWorks] = [50, 1_000];

/** What teachers' decisions say of the programs that grade for them; for teachers only. */
export class ReadTrust {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly assignments: AssignmentRepository,
    private readonly decisions: DecisionRepository,
  ) {}

  /** The pools by which work of a course was graded, the latest first; their audits are those of the whole institution. */
  async certifications(actor: Actor, courseId: string): Promise<PoolCertification[] | Failure> {
    const refusal = await demandTeaching(this.access, actor, courseId);
    if (refusal !== null) return refusal;
    return this.unitOfWork.read(actor, async () => {
      const pools = await this.decisions.listPools(courseId, mostPools);
      const certifications = await certificationsOf(this.decisions, pools);
      return pools.map((pool, index) => ({ ...pool, ...certifications[index]! }));
    });
  }

  /** Over the latest works of an assignment that a program had scored and a teacher then decided on. */
  async agreement(actor: Actor, assignmentId: string): Promise<AssignmentAgreement | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const assignment = await this.assignments.findAssignment(assignmentId);
      const refusal = assignment && (await demandTeaching(this.access, actor, assignment.courseId));
      if (assignment === null || refusal?.code === 'NOT_FOUND') {
        return fail('NOT_FOUND', 'There is no such assignment for you.');
      }
      if (refusal) return refusal;
      const decided = await this.decisions.listDecided(assignmentId, mostWorks);
      const criteria = await this.criteriaOf(assignment, decided);
      return {
        works: new Set(decided.map(({ submissionId }) => submissionId)).size,
        overall: agreementOf(decided, assignmentId),
        criteria: criteria.map(({ criterionId, label }) => {
          const ofIt = decided.filter((each) => each.criterionId === criterionId);
          return { criterionId, label, agreement: agreementOf(ofIt, `${assignmentId} ${criterionId}`) };
        }),
      };
    });
  }

  /** The decisions on the scores of submissions that were read before; for their teachers only. */
  async decisionsOf(
    actor: Actor,
    views: readonly SubmissionView[],
  ): Promise<ReadonlyMap<SubmissionView, readonly StoredDecision[]>> {
    const taught = views.filter(({ seenAs }) => seenAs === 'teacher');
    const ids = [...new Set(taught.map(({ submission }) => submission.id))];
    const found = await this.unitOfWork.read(actor, () => this.decisions.listDecisions(ids));
    const of = ({ submission: { id } }: SubmissionView): StoredDecision[] =>
      found.filter(({ submissionId }) => submissionId === id);
    return new Map(taught.map((view) => [view, of(view)]));
  }

  /** Those of the specification, also where nothing was decided on them yet; where it is broken, those that were decided on. */
  private async criteriaOf(
    assignment: Assignment,
    decided: readonly DecidedCriterion[],
  ): Promise<readonly { readonly criterionId: string; readonly label: string }[]> {
    const pinned = (await this.assignments.findPinned([assignment])).get(assignment.id);
    const specification = pinned === undefined ? fail('NOT_FOUND') : readSpecification(pinned.content);
    if (!isFailure(specification)) return kindOf(specification).blank(specification);
    return [...new Set(decided.map(({ criterionId }) => criterionId))].map((criterionId) => ({
      criterionId,
      label: criterionId,
    }));
  }
}
