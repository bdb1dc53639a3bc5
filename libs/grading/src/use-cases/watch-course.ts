import type { Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';

/** Says who may hear what happens in a course: its teachers. */
export class WatchCourse {
  constructor(private readonly access: CourseAccess) {}

  /** A refusal for everybody else. */
  async execute(actor: Actor, courseId: string): Promise<Failure | null> {
    return demandTeaching(this.access, actor, courseId);
  }
}
