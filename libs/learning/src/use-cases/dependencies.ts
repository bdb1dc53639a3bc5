import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, AuditLog, RevocationNotifier, UnitOfWork, UserRepository } from '#libs/identity';
import type {
  AccommodationRepository,
  Course,
  CourseAccess,
  CourseMediaRepository,
  CourseRepository,
  EnrolmentRepository,
  MarksSpecification,
} from '../ports.js';

/** What managing courses takes. */
export interface LearningDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly courses: CourseRepository;
  readonly enrolments: EnrolmentRepository;
  readonly users: UserRepository;
  readonly accommodations: AccommodationRepository;
  readonly media: CourseMediaRepository;
  readonly specifications: MarksSpecification;
  readonly notifier: RevocationNotifier;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** Locks a course for a change by one of its teachers, inside a unit of work. */
export async function lockAsTeacher(
  { access, courses }: Pick<LearningDependencies, 'access' | 'courses'>,
  actor: Actor,
  courseId: string,
): Promise<Course | Failure> {
  const role = await access.roleIn(actor, courseId);
  if (role === 'learner') return fail('FORBIDDEN', 'Only teachers of the course may change it.');
  const course = role === null ? null : await courses.lockCourse(courseId);
  return course ?? fail('NOT_FOUND', 'There is no such course for you.');
}
