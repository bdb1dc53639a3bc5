import { fail, refuseInput, type Clock, type Failure } from '#libs/kernel';
import type { Actor, AuditLog, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess, type EnrolmentRepository } from '#libs/learning';
import type { ExtensionRepository } from '../extension.ports.js';
import type { Assignment, AssignmentRepository } from '../ports.js';

export interface ExtensionInput {
  readonly assignmentId: string;
  readonly learnerId: string;
  /** Later than that of the assignment; null takes the extension away. */
  readonly dueAt: Date | null;
}

export interface GrantExtensionDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly enrolments: EnrolmentRepository;
  readonly assignments: AssignmentRepository;
  readonly extensions: ExtensionRepository;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** A teacher gives one learner more time for an assignment. Granting the same again is harmless. */
export class GrantExtension {
  constructor(private readonly deps: GrantExtensionDependencies) {}

  async execute(actor: Actor, { assignmentId, learnerId, dueAt }: ExtensionInput): Promise<Assignment | Failure> {
    const { unitOfWork, access, enrolments, assignments, extensions, audit, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const assignment = await assignments.lockAssignment(assignmentId);
      const refusal = assignment && (await demandTeaching(access, actor, assignment.courseId));
      if (assignment === null || refusal?.code === 'NOT_FOUND') {
        return fail('NOT_FOUND', 'There is no such assignment for you.');
      }
      if (refusal) return refusal;
      const enrolment = await enrolments.findEnrolment(assignment.courseId, learnerId);
      if (enrolment?.role !== 'learner' || enrolment.leftAt !== null) {
        return fail('NOT_FOUND', 'The course has no such learner.');
      }
      const before = (await extensions.findOwn([assignmentId], learnerId)).get(assignmentId) ?? null;
      if (before?.getTime() === dueAt?.getTime()) return assignment;
      if (dueAt === null) await extensions.removeExtension(assignmentId, learnerId);
      else {
        if (assignment.dueAt === null) return fail('WRONG_STATE', 'This assignment is never due.');
        if (dueAt <= assignment.dueAt)
          return refuseInput([{ path: 'dueAt', message: 'must be after that of the assignment' }]);
        const grantedAt = new Date(clock.now());
        await extensions.saveExtension({ assignmentId, learnerId, dueAt, grantedAt }, actor.pseudonym);
      }
      await audit.record(actor, {
        action: dueAt === null ? 'extension.withdrawn' : 'extension.granted',
        objectKind: 'assignment',
        objectId: assignmentId,
        details: { learnerId, dueAt, before },
      });
      return assignment;
    });
  }
}
