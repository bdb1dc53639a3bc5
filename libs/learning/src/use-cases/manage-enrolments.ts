import { fail, isFailure, type Failure } from '#libs/kernel';
import { isManager, type Actor, type User } from '#libs/identity';
import type { CourseRole, NamedEnrolment } from '../ports.js';
import type { LearningDependencies } from './dependencies.js';

export interface EnrolmentInput {
  readonly courseId: string;
  readonly userId: string;
  readonly role: CourseRole;
}

/** Says who learns and who teaches in a course. */
export class ManageEnrolments {
  constructor(private readonly deps: LearningDependencies) {}

  /** Enrols somebody, or changes her role; one who left comes back. */
  async enrol(actor: Actor, input: EnrolmentInput): Promise<NamedEnrolment | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only an administrator or a service may enrol.');
    const { courseId, userId, role } = input;
    const { unitOfWork, courses, users, enrolments, clock } = this.deps;
    const saved = await unitOfWork.run(actor, async () => {
      if ((await courses.findCourse(courseId)) === null) return fail('NOT_FOUND', 'There is no such course.');
      const user = await users.findUser(userId);
      if (user === null) return fail('NOT_FOUND', 'There is no such user.');
      const before = await enrolments.findEnrolment(courseId, userId);
      if (before?.leftAt === null && before.role === role) return { ...before, name: user.name };
      await enrolments.saveEnrolment(courseId, userId, role, new Date(clock.now()));
      await this.record(actor, 'enrolment.saved', courseId, user, { role });
      return { ...(await enrolments.findEnrolment(courseId, userId))!, name: user.name };
    });
    if (!isFailure(saved) && role !== 'teacher') this.tellTeacher(actor, input);
    return saved;
  }

  /** Ends an enrolment; what was learned stays. */
  async end(actor: Actor, input: Omit<EnrolmentInput, 'role'>): Promise<NamedEnrolment | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only an administrator or a service may end enrolments.');
    const { courseId, userId } = input;
    const { unitOfWork, users, enrolments, clock } = this.deps;
    const ended = await unitOfWork.run(actor, async () => {
      const user = await users.findUser(userId);
      const before = await enrolments.findEnrolment(courseId, userId);
      if (user === null || before === null) return fail('NOT_FOUND', 'There is no such enrolment.');
      if (before.leftAt !== null) return { ...before, name: user.name };
      await enrolments.endEnrolment(courseId, userId, new Date(clock.now()));
      await this.record(actor, 'enrolment.ended', courseId, user);
      return { ...(await enrolments.findEnrolment(courseId, userId))!, name: user.name };
    });
    if (!isFailure(ended)) this.tellTeacher(actor, input);
    return ended;
  }

  /** Who has taught until now hears no more of the course. */
  private tellTeacher({ institutionId }: Actor, { courseId, userId }: Omit<EnrolmentInput, 'role'>): void {
    this.deps.notifier.teachingEnded(institutionId, courseId, userId);
  }

  private record(actor: Actor, action: string, courseId: string, person: User, more: object = {}): Promise<void> {
    const details = { person: person.pseudonym, ...more };
    return this.deps.audit.record(actor, { action, objectKind: 'course', objectId: courseId, details });
  }
}
