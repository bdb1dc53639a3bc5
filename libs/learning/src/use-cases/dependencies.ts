import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, AuditLog, RateLimiter, RevocationNotifier, UnitOfWork, UserRepository } from '#libs/identity';
import type { ActivitySurroundings } from '../policy/check-activity.js';
import type {
  AccommodationRepository,
  Course,
  CourseAccess,
  CourseMediaRepository,
  CourseRepository,
  EnrolmentRepository,
  WorkSpecification,
  PictureCleaner,
} from '../ports.js';
import { demandTeaching } from './demand-teaching.js';

/** What managing courses takes. */
export interface LearningDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly courses: CourseRepository;
  readonly enrolments: EnrolmentRepository;
  readonly users: UserRepository;
  readonly accommodations: AccommodationRepository;
  readonly media: CourseMediaRepository;
  readonly cleaner: PictureCleaner;
  readonly limiter: RateLimiter;
  readonly specifications: WorkSpecification;
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
  const refused = await demandTeaching(access, actor, courseId);
  return refused ?? (await courses.lockCourse(courseId)) ?? fail('NOT_FOUND', 'There is no such course for you.');
}

/** What an activity of a course may name. */
export async function surroundingsOf(
  { courses, media }: Pick<LearningDependencies, 'courses' | 'media'>,
  courseId: string,
): Promise<ActivitySurroundings> {
  const skills = await courses.listSkills(courseId);
  return { skillIds: new Set(skills.map(({ id }) => id)), pictures: new Set(await media.listNames(courseId)) };
}
