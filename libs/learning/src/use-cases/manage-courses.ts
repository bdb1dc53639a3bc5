import { checkExternalKey, fail, isFailure, type Failure } from '#libs/kernel';
import { isManager, type Actor } from '#libs/identity';
import type { Course, CourseChange } from '../ports.js';
import { lockAsTeacher, type LearningDependencies } from './dependencies.js';

export interface NewCourseInput {
  /** Made by the caller; the same id with the same body is the same course. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly masteryThreshold: number;
  /** Where it comes from, and its id there: both or neither. */
  readonly source: string | null;
  readonly externalId: string | null;
}

/** Creates courses, changes what they are called and how they count, and puts them away. */
export class ManageCourses {
  constructor(private readonly deps: LearningDependencies) {}

  /** A teacher who creates a course teaches it. */
  async create(actor: Actor, input: NewCourseInput): Promise<Course | Failure> {
    if (!isManager(actor) && !actor.roles.includes('teacher'))
      return fail('FORBIDDEN', 'Only teachers, administrators and services may create courses.');
    const halfKey = checkExternalKey(input);
    if (halfKey !== null) return halfKey;
    const { unitOfWork, courses, enrolments, audit, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const inserted = await courses.insertCourse(input);
      const course = await courses.findCourse(input.id);
      if (!inserted) {
        if (course === null) return fail('TAKEN', 'Another course has this external key.');
        return isSame(course, input) ? course : fail('ID_REUSED');
      }
      if (!isManager(actor)) await enrolments.saveEnrolment(input.id, actor.userId, 'teacher', new Date(clock.now()));
      await audit.record(actor, { action: 'course.created', objectKind: 'course', objectId: input.id });
      return course!;
    });
  }

  async update(actor: Actor, courseId: string, change: CourseChange): Promise<Course | Failure> {
    const fields = Object.keys(change) as (keyof CourseChange)[];
    return this.change(actor, courseId, async (course) => {
      if (fields.every((field) => course[field] === change[field])) return false;
      await this.deps.courses.updateCourse(courseId, change);
      await this.record(actor, 'course.updated', courseId, { fields });
      return true;
    });
  }

  /** Puts a course away: it is left out of lists until it is restored. */
  async archive(actor: Actor, courseId: string): Promise<Course | Failure> {
    return this.change(actor, courseId, async ({ archivedAt }) => {
      if (archivedAt !== null) return false;
      await this.deps.courses.updateCourse(courseId, { archivedAt: new Date(this.deps.clock.now()) });
      await this.record(actor, 'course.archived', courseId);
      return true;
    });
  }

  async restore(actor: Actor, courseId: string): Promise<Course | Failure> {
    return this.change(actor, courseId, async ({ archivedAt }) => {
      if (archivedAt === null) return false;
      await this.deps.courses.updateCourse(courseId, { archivedAt: null });
      await this.record(actor, 'course.restored', courseId);
      return true;
    });
  }

  /** Runs a change under the lock of the course; where it changed something, the revision rises. */
  private change(actor: Actor, courseId: string, act: (course: Course) => Promise<boolean>): Promise<Course | Failure> {
    const { unitOfWork, courses } = this.deps;
    return unitOfWork.run(actor, async () => {
      const course = await lockAsTeacher(this.deps, actor, courseId);
      if (isFailure(course) || !(await act(course))) return course;
      await courses.raiseRevision(courseId);
      return (await courses.findCourse(courseId))!;
    });
  }

  private record(actor: Actor, action: string, objectId: string, details?: Record<string, unknown>): Promise<void> {
    return this.deps.audit.record(actor, { action, objectKind: 'course', objectId, ...(details && { details }) });
  }
}

function isSame(course: Course, input: NewCourseInput): boolean {
  const fields = Object.keys(input) as (keyof NewCourseInput)[];
  return fields.every((field) => course[field] === input[field]);
}
