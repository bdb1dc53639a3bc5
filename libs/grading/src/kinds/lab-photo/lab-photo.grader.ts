import { gradedByRules } from '../graded-by-rules.js';
import { assertUnreachable } from '#libs/kernel';
import type { GradingResult } from '../../model/grading-result.js';
import type { NotMeasured, PhotoMeasurer } from '../../photo.ports.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import { isWritten } from '../../model/written-marks.js';
import { gradePhoto } from './grade-photo.js';
import { gradeReadings } from './grade-readings.js';
import type { LabPhoto } from './lab-photo.js';
import { photoFault } from './photo-fault.js';
import { photoRequestOf, sortFindings } from './photo-tasks.js';

/** Measures a photo and scores what was measured. A photo that nothing can be measured on is not scored: its learner hears what to do. */
export class LabPhotoGrader extends Grader<LabPhoto> {
  override readonly kind = 'lab-photo';

  constructor(private readonly measurer: Pick<PhotoMeasurer, 'measure'>) {
    super();
  }

  override async grade({ specification, marks, file }: WorkToGrade<LabPhoto>): Promise<GradingResult | Ungraded> {
    if (isWritten(marks)) return gradedByRules('lab-photo', gradeReadings(specification, marks));
    if (file?.kind !== 'picture') return ungraded('file-missing');
    const measured = await this.measurer.measure(file.bytes, photoRequestOf(specification));
    const fault = measured.quality && photoFault(measured.quality, specification.demands);
    if (fault !== null) return ungraded('photo-unusable', { detail: fault });
    if (measured.kind === 'not-measured') return refusalOf(measured);
    const criteria = gradePhoto(specification, sortFindings(specification, measured.findings));
    return gradedByRules('lab-photo', criteria);
  }
}

function refusalOf({ reason, detail: cause }: NotMeasured): Ungraded {
  switch (reason) {
    case 'frame-missing':
      return ungraded('photo-unusable', {
        detail:
          'The four corner markers are not all to be seen. Lay the sheet flat, and take all of it into the photo.',
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
