import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { CourseRepository } from '#libs/learning';
import { skillFinder, skillsShown, tellsOfSkills, type SkillsShown } from '../policy/skills-shown.js';
import type { PinnedActivity, Score, Submission } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';

export interface SkillsShownDependencies extends Pick<
  GradingDependencies,
  'unitOfWork' | 'users' | 'assignments' | 'submissions' | 'scores' | 'hints'
> {
  readonly courses: CourseRepository;
}

/** What a piece of work tells of the skills of its learner. */
export interface ShowingWork extends Pick<Submission, 'courseId' | 'learnerId'> {
  readonly submissionId: string;
  readonly activityId: string;
  readonly activityVersion: number;
  /** By the clock of the device, but not after it was received. */
  readonly handedInAt: Date;
  readonly shown: readonly SkillsShown[];
}

/** Reads what a score tells of skills. The system alone does this, for who learns from it. */
export class ReadSkillsShown {
  constructor(private readonly deps: SkillsShownDependencies) {}

  /** Null where there is nothing to tell, or the work is gone. */
  async execute(actor: Actor, scoreId: string): Promise<ShowingWork | null | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Work is learnt from by the system.');
    const { unitOfWork, scores, submissions, assignments } = this.deps;
    return unitOfWork.read(actor, async () => {
      const score = await scores.findScore(scoreId);
      if (score === null || !tellsOfSkills(score)) return null;
      const submission = await submissions.findSubmission(score.submissionId);
      if (submission === null || submission.state === 'withdrawn') return null;
      const { activityId, activityVersion } = score;
      const { assignmentId } = submission;
      const pinned = await assignments.findPinned([{ id: assignmentId, activityId, activityVersion }]);
      const shown = await this.shownBy(score, submission, pinned.get(assignmentId)!);
      if (shown.length === 0) return null;
      const { id: submissionId, courseId, learnerId, deviceAt, receivedAt } = submission;
      const handedInAt = deviceAt < receivedAt ? deviceAt : receivedAt;
      return { submissionId, courseId, learnerId, activityId, activityVersion, handedInAt, shown };
    });
  }

  private async shownBy(
    { criteria, activityId }: Score,
    { id: submissionId, courseId, learnerId }: Submission,
    { skillIds }: PinnedActivity,
  ): Promise<SkillsShown[]> {
    const { users, courses, hints } = this.deps;
    const learner = await users.findUser(learnerId);
    if (learner === null) return [];
    const told = await hints.lastTold(learner.pseudonym, { activityId, exceptOn: submissionId });
    return skillsShown(criteria, skillFinder(await courses.listSkills(courseId), skillIds), told);
  }
}
