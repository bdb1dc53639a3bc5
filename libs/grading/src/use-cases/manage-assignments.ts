import {
  checkExternalKey,
  fail,
  isFailure,
  isSameJson,
  refuseInput,
  type Clock,
  type ExternalKeyInput,
  type Failure,
} from '#libs/kernel';
import type { Actor, AuditLog, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess, type CourseRepository } from '#libs/learning';
import type { ModelRepository } from '#libs/models';
import type { ReadTestSet } from '#libs/training';
import { checkProject } from '../kinds/project/project.grader.js';
import { readSpecification, type Specification } from '../kinds/specification.js';
import type { Assignment, AssignmentRepository, SubmissionRepository } from '../ports.js';

export interface ManageAssignmentsDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly courses: CourseRepository;
  readonly assignments: AssignmentRepository;
  readonly submissions: SubmissionRepository;
  readonly models: ModelRepository;
  readonly testSets: ReadTestSet;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** A new assignment; `id` is made by the caller. */
export type NewAssignment = Pick<
  Assignment,
  'id' | 'courseId' | 'activityId' | 'title' | 'stakes' | 'release' | 'opensAt' | 'dueAt'
> &
  Partial<Pick<Assignment, 'anonymous'>> &
  ExternalKeyInput;
export type AssignmentChange = Partial<Pick<Assignment, 'title' | 'stakes' | 'release' | 'opensAt' | 'dueAt'>>;

/** Teachers set visual work, change its dates and stakes, and close it. */
export class ManageAssignments {
  constructor(private readonly deps: ManageAssignmentsDependencies) {}

  /** Pins the present version of the activity. The same id with the same content is the same assignment. */
  async create(actor: Actor, input: NewAssignment): Promise<Assignment | Failure> {
    const { unitOfWork, access, assignments, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const refusal = await demandTeaching(access, actor, input.courseId);
      if (refusal !== null) return refusal;
      const wrong = checkDates(input) ?? checkExternalKey(input);
      if (wrong !== null) return wrong;
      const earlier = await assignments.findAssignment(input.id);
      if (earlier !== null) return isSame(earlier, input) ? earlier : fail('ID_REUSED');
      const version = await this.findVersion(actor, input);
      if (isFailure(version)) return version;
      const now = new Date(clock.now());
      const { source = null, externalId = null, anonymous = false } = input;
      const pinned = { activityVersion: version, anonymous, revealedAt: null, closedAt: null, createdAt: now };
      const assignment = { ...input, source, externalId, ...pinned };
      if (!(await assignments.insertAssignment(assignment))) {
        const other = await assignments.findAssignment(input.id);
        if (other === null) return fail('TAKEN', 'Another assignment has this external key.');
        // Two identical requests at once: the other one was first.
        return isSame(other, input) ? other : fail('ID_REUSED');
      }
      const { stakes, release } = input;
      await this.note(actor, 'assignment.created', assignment, {
        activityVersion: version,
        stakes,
        release,
        anonymous,
      });
      return assignment;
    });
  }

  /** Changes what is given and leaves the rest. */
  async update(actor: Actor, id: string, change: AssignmentChange): Promise<Assignment | Failure> {
    return this.change(actor, id, 'assignment.changed', (assignment) => {
      const next = { ...assignment, ...change };
      return checkDates(next) ?? change;
    });
  }

  /** Takes no more work from now on. Closing again is harmless. */
  async close(actor: Actor, id: string): Promise<Assignment | Failure> {
    const closedAt = new Date(this.deps.clock.now());
    return this.change(actor, id, 'assignment.closed', (assignment) => (assignment.closedAt ? {} : { closedAt }));
  }

  /** Shows teachers whose work is whose, for good. Revealing again is harmless. */
  async reveal(actor: Actor, id: string): Promise<Assignment | Failure> {
    const revealedAt = new Date(this.deps.clock.now());
    return this.change(actor, id, 'assignment.revealed', ({ anonymous, revealedAt: earlier }) => {
      if (!anonymous) return fail('WRONG_STATE', 'This assignment is not anonymous.');
      return earlier === null ? { revealedAt } : {};
    });
  }

  private async change(
    actor: Actor,
    id: string,
    action: string,
    decide: (assignment: Assignment) => Partial<Omit<Assignment, 'id'>> | Failure,
  ): Promise<Assignment | Failure> {
    const { unitOfWork, access, assignments, submissions } = this.deps;
    return unitOfWork.run(actor, async () => {
      const assignment = await assignments.lockAssignment(id);
      const refusal = assignment && (await demandTeaching(access, actor, assignment.courseId));
      if (assignment === null || refusal?.code === 'NOT_FOUND') {
        return fail('NOT_FOUND', 'There is no such assignment for you.');
      }
      if (refusal) return refusal;
      const change = decide(assignment);
      if (isFailure(change) || Object.keys(change).length === 0) return isFailure(change) ? change : assignment;
      await assignments.updateAssignment(id, change);
      // What was practice is seen by nobody once it counts, until a teacher has settled it.
      if (change.stakes === 'graded' && assignment.stakes !== 'graded') await submissions.sendToReview(id);
      await this.note(actor, action, assignment, change);
      return { ...assignment, ...change };
    });
  }

  private async findVersion(actor: Actor, { courseId, activityId }: NewAssignment): Promise<number | Failure> {
    const { courses } = this.deps;
    const activity = await courses.findActivity(activityId);
    if (activity === null || activity.courseId !== courseId || activity.archivedAt !== null) {
      return fail('NOT_FOUND', 'The course has no such activity.');
    }
    if (activity.kind !== 'visual-assignment') {
      return fail('INVALID_INPUT', `Only a visual assignment takes work; this activity is of kind "${activity.kind}".`);
    }
    const version = await courses.findVersion(activityId, activity.version);
    if (version === null) throw new Error(`The activity ${activityId} lacks its version ${activity.version}.`);
    const specification = readSpecification(version.content);
    if (isFailure(specification)) return specification;
    return (await this.checkParts(actor, courseId, specification)) ?? version.version;
  }

  /**
   * A model that is active has to know the label that is asked for; where none is yet, work waits for the teacher. A project
   * needs its test set.
   */
  private async checkParts(actor: Actor, courseId: string, specification: Specification): Promise<Failure | null> {
    if (specification.kind === 'project') {
      const testSet = await this.deps.testSets.find(actor, courseId, specification.testSet);
      if (testSet === null) return fail('NOT_FOUND', 'The course has no such test set.');
      return checkProject(specification, testSet.labels);
    }
    if (specification.kind !== 'classify') return null;
    const { model: name, expected } = specification;
    const judging = await this.deps.models.listJudging(courseId, name);
    const labels = judging.find(({ state }) => state === 'active')?.verified?.manifest.labels;
    if (labels === undefined || labels.includes(expected)) return null;
    const message = `The model "${name}" does not know "${expected}"; its labels are ${labels.join(', ')}.`;
    return refuseInput([{ path: 'activityId', message }]);
  }

  private note(actor: Actor, action: string, { id }: Assignment, details: Record<string, unknown>): Promise<void> {
    return this.deps.audit.record(actor, { action, objectKind: 'assignment', objectId: id, details });
  }
}

function checkDates({ opensAt, dueAt }: Pick<Assignment, 'opensAt' | 'dueAt'>): Failure | null {
  if (opensAt === null || dueAt === null || opensAt < dueAt) return null;
  return refuseInput([{ path: 'dueAt', message: 'must be after opensAt' }]);
}

/** Compares what the caller chose; a change since then makes a resend another body. */
function isSame(assignment: Assignment, input: NewAssignment): boolean {
  const chosen = (one: NewAssignment): object => {
    const { courseId, activityId, title, stakes, release, opensAt, dueAt, source = null, externalId = null } = one;
    const { anonymous = false } = one;
    const dates = { opensAt: opensAt?.getTime(), dueAt: dueAt?.getTime() };
    return { courseId, activityId, title, stakes, release, ...dates, anonymous, source, externalId };
  };
  return isSameJson(chosen(assignment), chosen(input));
}
