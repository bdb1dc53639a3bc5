import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { sniffPicture, type PictureType } from '../policy/sniff-picture.js';
import { lockAsTeacher, type LearningDependencies } from './dependencies.js';

/** Bytes of one picture of a course, at most. */
export const courseMediaLimit = 2 * 1024 * 1024;

/** Name of a picture, as activities mention it behind `media/`. */
export const courseMediaName = /^[a-z0-9][a-z0-9._-]{0,98}\.(png|jpg|jpeg|webp)$/;

const extensions: Record<PictureType, readonly string[]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
};

export interface StoredCourseMedia {
  readonly kind: 'stored';
  readonly name: string;
  readonly sha256: string;
}

/** Stores a picture that the activities of a course show, in the place of one with the same name. */
export class StoreCourseMedia {
  constructor(private readonly deps: LearningDependencies) {}

  async execute(actor: Actor, courseId: string, name: string, bytes: Uint8Array): Promise<StoredCourseMedia | Failure> {
    const { unitOfWork, media, audit } = this.deps;
    return unitOfWork.run(actor, async () => {
      const course = await lockAsTeacher(this.deps, actor, courseId);
      if (isFailure(course)) return course;
      const extension = courseMediaName.exec(name)?.[1];
      if (extension === undefined)
        return fail('INVALID_INPUT', `"${name}" is not the name of a PNG, JPEG or WebP picture in lower case.`);
      if (bytes.length > courseMediaLimit) return fail('TOO_LARGE', `${name} has more than 2 MB.`);
      const mediaType = sniffPicture(bytes);
      if (mediaType === null || !extensions[mediaType].includes(extension))
        return fail('UNSUPPORTED_IMAGE', `${name} does not hold the kind of picture that its name says.`);
      const { sha256, changed } = await media.saveMedia(courseId, { name, mediaType, bytes });
      if (changed) {
        const details = { name, sha256 };
        await audit.record(actor, { action: 'course-media.stored', objectKind: 'course', objectId: courseId, details });
      }
      return { kind: 'stored', name, sha256 };
    });
  }
}
