import type { GradingResult } from '../../model/grading-result.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import type { SheetReader } from '../../sheet.ports.js';
import { photoFault, unreadPhoto, unusablePhoto } from '../photo-fault.js';
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
    pictures: [photo],
    template,
  }: WorkToGrade<LabelledParts>): Promise<GradingResult | Ungraded> {
    if (marks.length > 0 || photo === undefined) return gradeLabelledParts(specification, marks);
    if (template === null) return ungraded('photo-unmeasured', { cause: 'The picture of the activity is gone.' });
    const request = { template, size: specification.image, script: scriptOf(specification) };
    const sheet = await this.sheets.read(photo.bytes, request);
    const fault = sheet.quality && photoFault(sheet.quality, { bright: true, sharp: true }, mostBlur);
    if (fault !== null) return unusablePhoto(fault);
    if (sheet.kind === 'unread') {
      const { reason, detail } = sheet;
      return reason === 'template-missing' ? unusablePhoto(templateMissing) : unreadPhoto({ reason, detail });
    }
    if (sheet.labels.length === 0) return unusablePhoto(noLabels);
    return gradeSheet(specification, sheet);
  }
}

/** What a learner does where the printed picture is not found. */
const templateMissing =
  'The picture of this task is not to be seen on the photo. Print it, lay the sheet flat, and take all of it into the photo.';
const noLabels = 'No labels are to be seen on the sheet. Write them on it with a dark pen, and take the photo again.';
