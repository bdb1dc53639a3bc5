import { refuseInput, type Failure } from '#libs/kernel';
import { filesOf, type ActivityContent, type WorkFile } from '#libs/learning';

/** Media types of files that are kept as they are sent. */
export const fileTypes = { predictions: 'text/csv', package: 'application/zip' } as const;

/** Bytes that a file may have. */
export const fileLimits = { predictions: 2_000_000, package: 33_554_432 } as const;

/** Bytes of tables and packages that one person may have uploaded and not handed in. */
export const looseLimit = 100_000_000;

/** After how many milliseconds such a file is forgotten. */
export const looseTime = 24 * 3_600_000;

/** What a stored file holds. */
export function fileOf({ mediaType }: { readonly mediaType: string }): WorkFile {
  if (mediaType === fileTypes.predictions) return 'predictions';
  return mediaType === fileTypes.package ? 'package' : 'picture';
}

/**
 * Refuses work whose files are not what its form asks for: as many pictures as it says, or one file; with marks and strokes a
 * picture may come or not, and in words there is none.
 */
export function checkFiles(
  { form }: Pick<ActivityContent, 'form'>,
  given: readonly WorkFile[],
  { isWritten = false } = {},
): Failure | null {
  if (isWritten) {
    if (given.length === 0) return null;
    return refuseInput([{ path: 'fileIds', message: 'what is told in words has no file: hand in one of them' }]);
  }
  const isDrawn = form.kind === 'marks' || form.kind === 'strokes';
  const wanted = isDrawn ? (['picture'] as const) : filesOf(form);
  const most = form.kind === 'picture' ? (form.atMost ?? 1) : 1;
  if (given.length > most) return refuseInput([{ path: 'fileIds', message: `takes ${most} at most here` }]);
  const areWanted = given.every((each) => (wanted as readonly WorkFile[]).includes(each));
  if (given.length === 0 ? isDrawn : areWanted) return null;
  const names = { picture: 'a picture', predictions: 'predictions as CSV', package: 'a model package' };
  const message = `hand in ${wanted.map((each) => names[each]).join(' or ')}: upload it, and give its id here`;
  return refuseInput([{ path: 'fileIds', message }]);
}
