import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { courseMediaName } from '../model/picture-name.js';
import type { CleanPicture, PictureCleaner, PictureType } from '../ports.js';
import { demandTeaching } from './demand-teaching.js';
import { lockAsTeacher, type LearningDependencies } from './dependencies.js';

/** Bytes of one picture of a course as it is kept, at most. */
const courseMediaLimit = 2 * 1024 * 1024;

const extensions: Record<PictureType, readonly string[]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
};

export interface StoredCourseMedia extends Omit<CleanPicture, 'bytes'> {
  readonly kind: 'stored';
  readonly name: string;
  /** Length of what is kept. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Stores a clean copy of a picture that the activities of a course show, in the place of one with the same name. */
export class StoreCourseMedia {
  constructor(private readonly deps: LearningDependencies) {}

  async execute(actor: Actor, courseId: string, name: string, sent: Uint8Array): Promise<StoredCourseMedia | Failure> {
    const { unitOfWork, access, media, audit, cleaner } = this.deps;
    // A unit of work of its own: nothing may stay open while the picture waits and is decoded.
    const refused = await unitOfWork.run(actor, () => demandTeaching(access, actor, courseId));
    if (refused !== null) return refused;
    const picture = await cleanCoursePicture(cleaner, name, sent);
    if (isFailure(picture)) return picture;
    const { bytes, mediaType, width, height } = picture;
    return unitOfWork.run(actor, async () => {
      const course = await lockAsTeacher(this.deps, actor, courseId);
      if (isFailure(course)) return course;
      const { sha256, changed } = await media.saveMedia(courseId, { name, mediaType, bytes });
      if (changed) {
        const details = { name, sha256 };
        await audit.record(actor, { action: 'course-media.stored', objectKind: 'course', objectId: courseId, details });
      }
      return { kind: 'stored', name, mediaType, bytes: bytes.length, width, height, sha256 };
    });
  }
}

/** A clean copy of a picture that may stand in a course under this name. */
export async function cleanCoursePicture(
  cleaner: PictureCleaner,
  name: string,
  sent: Uint8Array,
): Promise<CleanPicture | Failure> {
  const extension = courseMediaName.exec(name)?.[1];
  if (extension === undefined)
    return fail('INVALID_INPUT', `"${name}" is not the name of a PNG, JPEG or WebP picture in lower case.`);
  const picture = await cleaner.clean(sent);
  if (isFailure(picture)) return picture;
  if (!extensions[picture.mediaType].includes(extension))
    return fail('UNSUPPORTED_IMAGE', `${name} does not hold the kind of picture that its name says.`);
  if (picture.bytes.length > courseMediaLimit) return fail('TOO_LARGE', `${name} takes more than 2 MB.`);
  return picture;
}
