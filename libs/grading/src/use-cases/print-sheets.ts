import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { scanLimits } from '../policy/scan-limits.js';
import { sheetCodeOf } from '../policy/sheet-code.js';
import { findTaughtAssignment, whyNoScans, type ScanDependencies } from './scan-dependencies.js';

/** A sheet for one learner. */
export interface Sheet {
  readonly name: string;
  /** What the code on it says: see `sheet-code.ts`. */
  readonly code: string;
}

/** Sheets for a class to write on. */
export interface SheetsToPrint {
  readonly title: string;
  readonly language: string;
  readonly courseId: string;
  /** The picture of the course that is written on, such as `cell.png`; null where there is none. */
  readonly picture: string | null;
  /** By name. */
  readonly sheets: readonly Sheet[];
}

/** Pictures of a course stand in activities under this folder. */
const mediaFolder = 'media/';

/** Makes sheets for the learners of an assignment, with codes by which they are known when they are scanned; for its teachers. */
export class PrintSheets {
  constructor(
    private readonly deps: Pick<ScanDependencies, 'unitOfWork' | 'access' | 'assignments' | 'roster' | 'digest'>,
  ) {}

  /** Refused as the upload of scans is: NOT_FOUND, FORBIDDEN; WRONG_STATE where the assignment takes no pictures, or is anonymous. */
  async execute(actor: Actor, assignmentId: string): Promise<SheetsToPrint | Failure> {
    const { unitOfWork, assignments, roster, digest } = this.deps;
    return unitOfWork.read(actor, async () => {
      const assignment = await findTaughtAssignment(this.deps, actor, assignmentId);
      if (isFailure(assignment)) return assignment;
      const refused = await whyNoScans(assignments, assignment);
      if (refused !== null) return refused;
      const { content, language } = (await assignments.findPinned([assignment])).get(assignmentId)!;
      const image = 'image' in content.form ? content.form.image : undefined;
      const members = await roster.listClass(assignment.courseId, scanLimits.learners);
      return {
        title: assignment.title,
        language,
        courseId: assignment.courseId,
        picture: image?.startsWith(mediaFolder) ? image.slice(mediaFolder.length) : null,
        sheets: members.map(({ name, pseudonym }) => ({ name, code: sheetCodeOf(digest, assignmentId, pseudonym) })),
      };
    });
  }
}
