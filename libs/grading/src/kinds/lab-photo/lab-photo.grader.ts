import { gradedByRules } from '../graded-by-rules.js';
import type { OpenPicture } from '../../files.ports.js';
import type { CriterionScore, GradingResult } from '../../model/grading-result.js';
import type { PhotoMeasurer } from '../../photo.ports.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import { isWritten } from '../../model/written-marks.js';
import { onPhoto } from '../on-photo.js';
import { gradePhoto } from './grade-photo.js';
import { gradeReadings } from './grade-readings.js';
import type { LabPhoto } from './lab-photo.js';
import { photoFault, unreadPhoto, unusablePhoto } from '../photo-fault.js';
import { photoRequestOf, sortFindings } from './photo-tasks.js';

/**
 * Measures photos and scores what was measured: a criterion on the photo that shows it, or on all, of which the surest reading
 * counts, and of equals the first. A photo that nothing can be measured on is left out where another shows the same, and else not
 * scored: its learner hears what to do.
 */
export class LabPhotoGrader extends Grader<LabPhoto> {
  override readonly kind = 'lab-photo';

  constructor(private readonly measurer: Pick<PhotoMeasurer, 'measure'>) {
    super();
  }

  override async grade({ specification, marks, pictures }: WorkToGrade<LabPhoto>): Promise<GradingResult | Ungraded> {
    if (isWritten(marks)) return gradedByRules('lab-photo', gradeReadings(specification, marks));
    if (pictures.length === 0) return ungraded('file-missing');
    const missing = specification.criteria.find(({ photo = 1 }) => photo > pictures.length);
    if (missing !== undefined) {
      return unusablePhoto(`Photo ${missing.photo} is missing: “${missing.label}” is read on it.`);
    }
    const readings: CriterionScore[] = [];
    const faults: Ungraded[] = [];
    for (const [at, picture] of pictures.entries()) {
      const photo = at + 1;
      const shown = specification.criteria.filter((criterion) => (criterion.photo ?? photo) === photo);
      if (shown.length === 0) continue;
      const read = await this.read({ ...specification, criteria: shown }, picture);
      if (!('kind' in read))
        readings.push(...read.map((each) => onPhoto(each, pictures.length > 1 ? photo : undefined)));
      else if (read.reason === 'photo-unusable') faults.push(ofPhoto(read, pictures.length > 1 ? photo : null));
      else return read;
    }
    const criteria = specification.criteria.map(({ id }) =>
      surestOf(readings.filter((each) => each.criterionId === id)),
    );
    const areAllRead = criteria.every((each) => each !== null);
    return areAllRead ? gradedByRules('lab-photo', criteria) : faults[0]!;
  }

  private async read(specification: LabPhoto, { bytes }: OpenPicture): Promise<readonly CriterionScore[] | Ungraded> {
    const measured = await this.measurer.measure(bytes, photoRequestOf(specification));
    const fault = measured.quality && photoFault(measured.quality, specification.demands);
    if (fault !== null) return unusablePhoto(fault);
    if (measured.kind === 'not-measured') {
      const { reason, detail } = measured;
      return reason === 'frame-missing' ? unusablePhoto(frameMissing) : unreadPhoto({ reason, detail });
    }
    return gradePhoto(specification, sortFindings(specification, measured.findings));
  }
}

/** The first of the surest; null where there is none. */
function surestOf(readings: readonly CriterionScore[]): CriterionScore | null {
  return readings.reduce<CriterionScore | null>(
    (best, each) => (best === null || each.confidence > best.confidence ? each : best),
    null,
  );
}

function ofPhoto(fault: Ungraded, photo: number | null): Ungraded {
  return photo === null ? fault : { ...fault, detail: `Photo ${photo}: ${fault.detail}` };
}

const frameMissing =
  'The four corner markers are not all to be seen. Lay the sheet flat, and take all of it into the photo.';
