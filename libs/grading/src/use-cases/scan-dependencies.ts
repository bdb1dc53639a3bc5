import { fail, isFailure, type Digest, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching, type ActivityContent, type CourseAccess, type PictureCleaner } from '#libs/learning';
import { readMarks, readSpecification } from '../kinds/specification.js';
import type { ScanBatch } from '../model/scan-batch.js';
import { checkFiles } from '../model/work-file.js';
import { scanLimits } from '../policy/scan-limits.js';
import type { FileStore, PictureLooks } from '../files.ports.js';
import type { Assignment } from '../ports.js';
import type { ClassRoster, PageReader, ScanQueue, ScanRepository, ScanStore } from '../scans.ports.js';
import type { GradingDependencies } from './dependencies.js';

/** What the path of scans takes, from the upload to the works. */
export interface ScanDependencies extends Pick<
  GradingDependencies,
  'unitOfWork' | 'access' | 'assignments' | 'submissions' | 'files' | 'audit' | 'events' | 'publisher' | 'clock' | 'ids'
> {
  readonly scans: ScanRepository;
  readonly roster: ClassRoster;
  readonly scanStore: ScanStore;
  readonly scanQueue: ScanQueue;
  readonly store: FileStore;
  readonly cleaner: PictureCleaner;
  readonly looks: PictureLooks;
  readonly pageReader: PageReader;
  readonly digest: Digest;
}

type Finding = Pick<ScanDependencies, 'access' | 'assignments' | 'scans'>;

/** The assignment of scans, for its teachers. To be called inside a unit of work. */
export async function findTaughtAssignment(
  { access, assignments }: { readonly access: CourseAccess; readonly assignments: Finding['assignments'] },
  actor: Actor,
  id: string,
): Promise<Assignment | Failure> {
  const assignment = await assignments.findAssignment(id);
  const refusal = assignment && (await demandTeaching(access, actor, assignment.courseId));
  if (assignment === null || refusal?.code === 'NOT_FOUND') {
    return fail('NOT_FOUND', 'There is no such assignment for you.');
  }
  return refusal ?? assignment;
}

/** Scans with their assignment. */
export interface TaughtScans {
  readonly batch: ScanBatch;
  readonly assignment: Assignment;
}

/**
 * Scans of an assignment that the actor teaches; for all others there are none. To be called inside a unit of work.
 * @param how `lock`: under a row lock, so that those who change them take turns
 */
export async function findTaughtScans(
  deps: Finding,
  actor: Actor,
  id: string,
  how: 'read' | 'lock',
): Promise<TaughtScans | Failure> {
  const batch = await (how === 'lock' ? deps.scans.lockBatch(id) : deps.scans.findBatch(id));
  const assignment = batch && (await deps.assignments.findAssignment(batch.assignmentId));
  const isTaught = assignment && (await deps.access.roleIn(actor, assignment.courseId)) === 'teacher';
  return isTaught ? { batch: batch!, assignment } : fail('NOT_FOUND', 'There are no such scans for you.');
}

/** Refuses people who do not learn in a course. To be called inside a unit of work. */
export async function refuseOutsiders(
  roster: ClassRoster,
  courseId: string,
  learnerIds: readonly string[],
): Promise<Failure | null> {
  const members = await roster.listClass(courseId, scanLimits.learners);
  const known = new Set(members.map(({ learnerId }) => learnerId));
  return learnerIds.every((id) => known.has(id)) ? null : fail('NOT_FOUND', 'The course has no such learner.');
}

/** Why an assignment takes no scans; null where it does. To be called inside a unit of work. */
export async function whyNoScans(
  assignments: Pick<Finding['assignments'], 'findPinned'>,
  assignment: Assignment,
): Promise<Failure | null> {
  if (assignment.anonymous && assignment.revealedAt === null) {
    return fail(
      'WRONG_STATE',
      'Its learners are anonymous: who matches sheets sees whose they are. Reveal them first.',
    );
  }
  const content = (await assignments.findPinned([assignment])).get(assignment.id)?.content;
  return content !== undefined && takesPictures(content)
    ? null
    : fail('WRONG_STATE', 'This assignment does not take pictures as work.');
}

/** Whether a picture alone is work of an activity: nothing has to be marked besides. */
function takesPictures(content: ActivityContent): boolean {
  const specification = readSpecification(content);
  if (isFailure(specification) || checkFiles(content, ['picture']) !== null) return false;
  return !isFailure(readMarks(specification, []));
}
