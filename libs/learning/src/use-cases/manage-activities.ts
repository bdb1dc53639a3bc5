import { checkExternalKey, fail, isFailure, isSameJson, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { checkActivity, type ActivityDraft, type ActivityDraftInput } from '../policy/check-activity.js';
import type { Activity, Course, CurrentActivity } from '../ports.js';
import { lockAsTeacher, surroundingsOf, type LearningDependencies } from './dependencies.js';

export interface NewActivityInput extends ActivityDraftInput {
  /** Made by the caller; the same id with the same body is the same activity. */
  readonly id: string;
  readonly courseId: string;
  /** Where it comes from, and its id there: both or neither. */
  readonly source: string | null;
  readonly externalId: string | null;
}

/** Creates activities, publishes new versions of them, and puts them away. */
export class ManageActivities {
  constructor(private readonly deps: LearningDependencies) {}

  async create(actor: Actor, input: NewActivityInput): Promise<CurrentActivity | Failure> {
    const { unitOfWork, courses, specifications } = this.deps;
    const { id, courseId, source, externalId } = input;
    return unitOfWork.run(actor, async () => {
      const course = await lockAsTeacher(this.deps, actor, courseId);
      if (isFailure(course)) return course;
      const halfKey = checkExternalKey(input);
      if (halfKey !== null) return halfKey;
      const draft = checkActivity(input, await surroundingsOf(this.deps, courseId), specifications);
      if (isFailure(draft)) return draft;
      const existing = await courses.findActivity(id);
      if (existing !== null) return this.sameAsFirst(existing, input, draft);

      const { kind, modality, language, ...version } = draft;
      const row = { id, courseId, kind, modality, language, source, externalId };
      if (!(await courses.insertActivity(row, version)))
        return fail('TAKEN', 'Another activity of the course has this external key.');
      return this.settle(actor, 'activity.created', courseId, id);
    });
  }

  /** Makes the next version the one that is taught; the content of before gives no new version. */
  async publish(actor: Actor, activityId: string, input: ActivityDraftInput): Promise<CurrentActivity | Failure> {
    const { courses, specifications } = this.deps;
    return this.change(actor, activityId, 'activity.version-published', async (activity) => {
      const draft = checkActivity(input, await surroundingsOf(this.deps, activity.courseId), specifications);
      if (isFailure(draft)) return draft;
      const { kind, modality, language, ...version } = draft;
      const isSameHead = kind === activity.kind && modality === activity.modality && language === activity.language;
      const number = await courses.publishVersion(activityId, { kind, modality, language }, version);
      return number !== activity.version || !isSameHead;
    });
  }

  /** Puts an activity away: it is not chosen any more, and what was done with it stays. */
  async archive(actor: Actor, activityId: string): Promise<CurrentActivity | Failure> {
    return this.change(actor, activityId, 'activity.archived', async ({ archivedAt }) => {
      if (archivedAt !== null) return false;
      await this.deps.courses.archiveActivity(activityId, new Date(this.deps.clock.now()));
      return true;
    });
  }

  async restore(actor: Actor, activityId: string): Promise<CurrentActivity | Failure> {
    return this.change(actor, activityId, 'activity.restored', async ({ archivedAt }) => {
      if (archivedAt === null) return false;
      await this.deps.courses.archiveActivity(activityId, null);
      return true;
    });
  }

  /** Runs a change under the lock of the course; where it changed something, the course's revision rises. */
  private change(
    actor: Actor,
    activityId: string,
    action: string,
    act: (activity: Activity) => Promise<boolean | Failure>,
  ): Promise<CurrentActivity | Failure> {
    const { unitOfWork, courses } = this.deps;
    return unitOfWork.run(actor, async () => {
      const course = await this.lockCourseOf(actor, activityId);
      if (isFailure(course)) return course;
      const changed = await act((await courses.findActivity(activityId))!);
      if (isFailure(changed)) return changed;
      return changed ? this.settle(actor, action, course.id, activityId) : this.current(activityId);
    });
  }

  /** An activity of a course that is not the actor's is no more to be found than one that is not there. */
  private async lockCourseOf(actor: Actor, activityId: string): Promise<Course | Failure> {
    const activity = await this.deps.courses.findActivity(activityId);
    const course = activity && (await lockAsTeacher(this.deps, actor, activity.courseId));
    if (course === null || (isFailure(course) && course.code === 'NOT_FOUND'))
      return fail('NOT_FOUND', 'There is no such activity for you.');
    return course;
  }

  private async settle(actor: Actor, action: string, courseId: string, id: string): Promise<CurrentActivity> {
    await this.deps.courses.raiseRevision(courseId);
    const activity = await this.current(id);
    const details = { courseId, version: activity.version };
    await this.deps.audit.record(actor, { action, objectKind: 'activity', objectId: id, details });
    return activity;
  }

  private async current(id: string): Promise<CurrentActivity> {
    const activity = (await this.deps.courses.findActivity(id))!;
    return { ...activity, current: (await this.deps.courses.findVersion(id, activity.version))! };
  }

  /** A resend is compared with the first version, which is what the first request made. */
  private async sameAsFirst(
    existing: Activity,
    input: NewActivityInput,
    draft: ActivityDraft,
  ): Promise<CurrentActivity | Failure> {
    const { kind, modality, language, ...version } = draft;
    const first = await this.deps.courses.findVersion(existing.id, 1);
    const { content, difficulty, minutes, skillIds } = first!;
    const isSame =
      existing.courseId === input.courseId &&
      existing.source === input.source &&
      existing.externalId === input.externalId &&
      (existing.version > 1 ||
        isSameJson(
          { kind, modality, language },
          { kind: existing.kind, modality: existing.modality, language: existing.language },
        )) &&
      isSameJson(version, { content, difficulty, minutes, skillIds });
    return isSame ? this.current(existing.id) : fail('ID_REUSED');
  }
}
