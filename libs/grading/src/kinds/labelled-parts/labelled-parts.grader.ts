import { assertUnreachable } from '#libs/kernel';
import type { GradingResult } from '../../model/grading-result.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import type { SheetReader, SheetUnread } from '../../sheet.ports.js';
import { photoFault } from '../lab-photo/photo-fault.js';
import { gradeLabelledParts } from './grade-labelled-parts.js';
import { gradeSheet, scriptOf } from './grade-sheet.js';
import type { LabelledParts } from './labelled-parts.js';

/** From this blur on, in thousandths of the longer side, handwriting is no longer read. */
const mostBlur = 2.4;

/**
 * Grades labels on a picture by its rules: those that were put on it, or, where there are none but a photo, those that are written on
 * the printed picture. A photo that cannot be read is not scored: its learner hears what to do.
 */
export class LabelledPartsGrader extends Grader<LabelledParts> {
  override readonly kind = 'labelled-parts';

  constructor(private readonly sheets: Pick<SheetReader, 'read'>) {
    super();
  }

  override async grade({
    specification,
    marks,
    file,
    picture,
  }: WorkToGrade<LabelledParts>): Promise<GradingResult | Ungraded> {
    if (marks.length > 0 || file?.kind !== 'picture') return gradeLabelledParts(specification, marks);
    if (picture === null) return ungraded('photo-unmeasured', { cause: 'The picture of the activity is gone.' });
    const request = { template: picture, size: specification.image, script: scriptOf(specification) };
    const sheet = await this.sheets.read(file.bytes, request);
    const fault = sheet.quality && photoFault(sheet.quality, { bright: true, sharp: true }, mostBlur);
    if (fault !== null) return ungraded('photo-unusable', { detail: fault });
    if (sheet.kind === 'unread') return refusalOf(sheet);
    if (sheet.labels.length === 0) {
      const detail =
        'No labels are to be seen on the sheet. Write them on it with a dark pen, and take the photo again.';
      return ungraded('photo-unusable', { detail });
    }
    return gradeSheet(specification, sheet);
  }
}

function refusalOf({ reason, detail: cause }: SheetUnread): Ungraded {
  switch (reason) {
    case 'template-missing':
      return ungraded('photo-unusable', {
        detail:
          'The picture of this task is not to be seen on the photo. Print it, lay the sheet flat, and take all of it into the photo.',
      });
    case 'unreadable':
      return ungraded('photo-unusable', { detail: 'The photo cannot be read. Take it again.' });
    case 'too-slow':
      return ungraded('photo-unmeasured', { cause });
    case 'crashed':
    case 'busy':
      return ungraded('photo-unmeasured', { isPassing: true, cause });
    default:
      return assertUnreachable(reason);
  }
}
