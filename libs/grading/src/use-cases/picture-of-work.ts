import { isPictureOfCourse, pictureName, type ActivityContent, type CourseMediaRepository } from '#libs/learning';
import { fileOf } from '../model/work-file.js';
import type { StoredFile } from '../files.ports.js';

/**
 * The picture of the course that is labelled, where a photo of it was handed in: nothing else needs it. Null where there is none, or
 * it is gone. To be called inside a unit of work.
 */
export async function pictureOfWork(
  media: CourseMediaRepository,
  courseId: string,
  { form }: Pick<ActivityContent, 'form'>,
  file: StoredFile | null,
): Promise<Uint8Array | null> {
  if (file === null || fileOf(file) !== 'picture' || form.kind !== 'marks' || !isPictureOfCourse(form.image))
    return null;
  return (await media.findMedia(courseId, pictureName(form.image)))?.bytes ?? null;
}
