import { fail, refuseInput, type Failure } from '#libs/kernel';
import { withEvents, type Actor, type AuditLog, type TellingDependencies } from '#libs/identity';
import { demandTeaching, type CourseAccess, type EnrolmentRepository } from '#libs/learning';
import type { ExtensionRepository } from '../extension.ports.js';
import { extensionChanged } from '../model/events.js';
import type { Assignment, AssignmentRepository } from '../ports.js';

export interface ExtensionInput {
  readonly assignmentId: string;
  readonly learnerId: string;
  /** Later than that of the assignment; null takes the extension away. */
  readonly dueAt: Date | null;
}

export interface GrantExtensionDependencies extends TellingDependencies {
  readonly access: CourseAccess;
  readonly enrolments: EnrolmentRepository;
  readonly assignments: AssignmentRepository;
  readonly extensions: ExtensionRepository;
  readonly audit: AuditLog;
}

/** A teacher gives one learner more time for an assignment, and she hears of it. Granting the same again is harmless. */
export class GrantExtension {
  constructor(private readonly deps: GrantExtensionDependencies) {}

  async execute(actor: Actor, { assignmentId, learnerId, dueAt }: ExtensionInput): Promise<Assignment | Failure> {
    const { access, enrolments, assignments, extensions, audit, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
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
      const { courseId } = assignment;
      news.push(extensionChanged(learnerId, { courseId, assignmentId, dueAt: dueAt?.toISOString() ?? null }));
      return assignment;
    });
  }
}
