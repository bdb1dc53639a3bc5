/** Name of a picture of a course. */
export const courseMediaName = /^[a-z0-9][a-z0-9._-]{0,98}\.(png|jpg|jpeg|webp)$/;

const folder = 'media/';

/** Whether an activity names a picture of its course, as `media/<name>`. */
export function isPictureOfCourse(src: string): boolean {
  return src.startsWith(folder);
}

/** The name in `media/<name>`. */
export function pictureName(src: string): string {
  return src.slice(folder.length);
}
