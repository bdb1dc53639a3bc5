import { fail, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { courseMediaName } from '../model/picture-name.js';
import type { CourseAccess, CourseMedia, CourseMediaRepository } from '../ports.js';

/** Reads a picture of a course, for those who take part in it. */
export class ReadCourseMedia {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly media: CourseMediaRepository,
  ) {}

  async execute(actor: Actor, courseId: string, name: string): Promise<CourseMedia | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const role = await this.access.roleIn(actor, courseId);
      const found = role === null || !courseMediaName.test(name) ? null : await this.media.findMedia(courseId, name);
      return found ?? fail('NOT_FOUND', 'There is no such picture for you.');
    });
  }
}
