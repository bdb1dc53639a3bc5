import { fail, isFailure, type Clock, type Failure, type Page, type PageRequest } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import { isUndecided } from '../model/grading-result.js';
import { toSubmissionView, type SubmissionView } from '../model/submission-view.js';
import { isAfter, rankQueue, type RankedGroup, type RankedWork, type ValueKey } from '../policy/rank-queue.js';
import type { Assignment, AssignmentRepository, SubmissionRepository } from '../ports.js';
import type { ReviewQueueReader } from '../queue.ports.js';
import { reviewsAtOnce, type Confirmation } from './confirm-reviews.js';

/** How many waiting works are ranked: the longest waiting ones of a course. */
const ranked = 5_000;

/** Work of the queue, with its place. */
export interface QueuedWork {
  readonly key: ValueKey;
  readonly view: SubmissionView;
}

/** Works of one assignment in which the same was found, with their place. */
export interface QueuedGroup extends Omit<RankedGroup, 'works' | 'assignmentId'> {
  readonly key: ValueKey;
  readonly assignment: Assignment;
  /** How many of them wait. */
  readonly size: number;
  /** The most valuable one. */
  readonly example: SubmissionView;
  /** Those that can be confirmed at once, a hundred at most. */
  readonly confirmable: readonly Omit<Confirmation, 'id'>[];
}

type Ranking = ReturnType<typeof rankQueue> & { readonly at: Date };

export interface ReviewQueueDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly assignments: AssignmentRepository;
  readonly submissions: SubmissionRepository;
  readonly queue: ReviewQueueReader;
  readonly clock: Clock;
}

/**
 * What waits for the teachers of a course, the most valuable look first: work to review, work that no program could grade,
 * and work whose learner asks for another look. All pages show the queue as it was ordered when the first was read.
 */
export class ReviewQueue {
  constructor(private readonly deps: ReviewQueueDependencies) {}

  async execute(actor: Actor, courseId: string, page: PageRequest<ValueKey>): Promise<Page<QueuedWork> | Failure> {
    return this.deps.unitOfWork.read(actor, async () => {
      const ranking = await this.rank(actor, courseId, page.after);
      if (isFailure(ranking)) return ranking;
      const places = ranking.works.map((work) => ({ ...work, key: keyOf(ranking, work.value, work.submissionId) }));
      const rest = places.filter(({ key }) => isAfter(page.after, key));
      const views = await this.viewsOf(rest.slice(0, page.first));
      const items = rest.slice(0, page.first).flatMap(({ key, submissionId }): QueuedWork[] => {
        const view = views.get(submissionId);
        return view === undefined ? [] : [{ key, view }];
      });
      return { items, hasMore: rest.length > page.first };
    });
  }

  /** The same in groups of like works, which can be confirmed at once. */
  async groups(actor: Actor, courseId: string, page: PageRequest<ValueKey>): Promise<Page<QueuedGroup> | Failure> {
    return this.deps.unitOfWork.read(actor, async () => {
      const ranking = await this.rank(actor, courseId, page.after);
      if (isFailure(ranking)) return ranking;
      const places = ranking.groups.map((group) => ({ ...group, key: keyOf(ranking, group.value, group.id) }));
      const rest = places.filter(({ key }) => isAfter(page.after, key));
      const views = await this.viewsOf(rest.slice(0, page.first).map(({ works }) => works[0]!));
      const items = rest.slice(0, page.first).flatMap(({ works, ...group }): QueuedGroup[] => {
        const example = views.get(works[0]!.submissionId);
        if (example === undefined) return [];
        const { assignment } = example;
        return [{ ...group, assignment, size: works.length, example, confirmable: confirmableOf(works) }];
      });
      return { items, hasMore: rest.length > page.first };
    });
  }

  private async rank(actor: Actor, courseId: string, after: ValueKey | null): Promise<Ranking | Failure> {
    const refusal = await demandTeaching(this.deps.access, actor, courseId);
    if (refusal !== null) return refusal;
    const now = new Date(this.deps.clock.now());
    if (after !== null && after.at > now) return fail('INVALID_INPUT', '`after` is not a cursor of this list.');
    const at = after?.at ?? now;
    return { ...rankQueue(await this.deps.queue.listWaiting(courseId, at, ranked), at), at };
  }

  private async viewsOf(works: readonly RankedWork[]): Promise<ReadonlyMap<string, SubmissionView>> {
    const found = await this.deps.submissions.findSubmissions(works.map(({ submissionId }) => submissionId));
    const ids = [...new Set(works.map(({ assignmentId }) => assignmentId))];
    const assignments = new Map((await this.deps.assignments.findAssignments(ids)).map((each) => [each.id, each]));
    return new Map(
      found.map((each) => [each.id, toSubmissionView(each, assignments.get(each.assignmentId)!, 'teacher')]),
    );
  }
}

function keyOf({ at }: Ranking, value: number, id: string): ValueKey {
  return { at, value, id };
}

function confirmableOf(works: readonly RankedWork[]): Omit<Confirmation, 'id'>[] {
  return works
    .flatMap(({ submissionId, score, isAskedAbout }) =>
      score === null || isAskedAbout || score.lost.some(isUndecided) ? [] : [{ submissionId, scoreId: score.id }],
    )
    .slice(0, reviewsAtOnce);
}
