import type { Page, PageRequest } from '#libs/kernel';
import { isManager, type Actor, type UnitOfWork } from '#libs/identity';
import type { Course, CourseAccess, CourseReader, CourseRepository, NamedEnrolment, Skill } from '../ports.js';

/** Reads courses and what hangs on them. What the actor may not see is left out. */
export class ReadCourses {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly courses: CourseRepository,
    private readonly reader: CourseReader,
  ) {}

  /** The courses that the actor takes part in; administrators and services see all. */
  async list(actor: Actor, page: PageRequest, options: { readonly withArchived: boolean }): Promise<Page<Course>> {
    const participantId = isManager(actor) ? null : actor.userId;
    return this.unitOfWork.read(actor, () => this.reader.listCourses(page, { participantId, ...options }));
  }

  async find(actor: Actor, courseId: string): Promise<Course | null> {
    return this.unitOfWork.read(actor, async () => {
      const role = await this.access.roleIn(actor, courseId);
      return role === null ? null : this.courses.findCourse(courseId);
    });
  }

  /** Skills in teaching order, by course. */
  async skills(actor: Actor, courseIds: readonly string[]): Promise<ReadonlyMap<string, Skill[]>> {
    return this.unitOfWork.read(actor, async () => {
      const visible = [...(await this.access.rolesIn(actor, courseIds)).keys()];
      const skills = await this.reader.skillsOf(visible);
      return new Map(visible.map((id) => [id, skills.get(id) ?? []]));
    });
  }

  /** Who takes part, by course: of those that the actor teaches. */
  async enrolments(
    actor: Actor,
    courseIds: readonly string[],
    page: PageRequest,
  ): Promise<ReadonlyMap<string, Page<NamedEnrolment>>> {
    return this.unitOfWork.read(actor, async () => {
      const roles = await this.access.rolesIn(actor, courseIds);
      const taught = courseIds.filter((id) => roles.get(id) === 'teacher');
      const pages = await this.reader.enrolmentsOf(taught, page);
      return new Map(taught.map((id) => [id, pages.get(id) ?? { items: [], hasMore: false }]));
    });
  }

  /** The actor's own enrolments, by course. */
  async ownEnrolments(actor: Actor, courseIds: readonly string[]): Promise<ReadonlyMap<string, NamedEnrolment>> {
    return this.unitOfWork.read(actor, () => this.reader.enrolmentsOfUser(actor.userId, courseIds));
  }
}
