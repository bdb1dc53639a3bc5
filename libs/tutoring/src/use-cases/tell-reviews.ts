import { dayIn, fail, type Clock, type EventLog, type EventPublisher, type Failure, type NewEvent } from '#libs/kernel';
import type { Actor, InstitutionRepository, UnitOfWork } from '#libs/identity';
import { earliestDue, type MemoryState } from '#libs/mastery';
import { reviewDue } from '../model/events.js';
import { reviewsOf } from '../policy/reviews-of.js';
import type { CatalogueSource, CourseToReview, DueLearnerRepository, LookedAt } from '../ports.js';

/** What telling of reviews needs. */
export interface TellReviewsDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly institutions: InstitutionRepository;
  readonly learners: DueLearnerRepository;
  readonly catalogues: CatalogueSource;
  readonly events: EventLog;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
}

/** What one batch came to. */
export interface ToldReviews {
  readonly told: number;
  /** Whether there may be more learners to look at. */
  readonly more: boolean;
}

/** Learners that one transaction locks: few, because their own acts wait meanwhile. */
const batch = 50;

/** Of all time zones the first in which a day begins. */
const earliestZone = 'Pacific/Kiritimati';

/**
 * Tells learners which skills are due for review, once a day for a course. The day is that of the institution. Event and note
 * of it are stored together, so however many do this at once, and wherever one of them ends, nobody is told twice; and
 * who was not told live because the process ended after the commit catches up.
 */
export class TellReviews {
  constructor(private readonly deps: TellReviewsDependencies) {}

  /** The courses of all institutions in which somebody is to be looked at today. */
  async courses(): Promise<Pick<CourseToReview, 'institutionId' | 'courseId'>[]> {
    const { learners, clock } = this.deps;
    const now = clock.now();
    const courses = await learners.coursesToReview(dayIn(earliestZone, now));
    return courses.filter(({ timeZone, nextReviewOn }) => nextReviewOn <= dayIn(timeZone, now));
  }

  /** Looks at one batch of the learners of a course. The system alone does this. */
  async execute(actor: Actor, courseId: string): Promise<ToldReviews | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Reviews are told by the system.');
    const { unitOfWork, institutions, learners, catalogues, events, publisher, clock } = this.deps;
    const catalogue = await catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return { told: 0, more: false };
    const now = clock.now();
    const [stored, more] = await unitOfWork.run(actor, async () => {
      const { timeZone } = await institutions.getInstitution();
      const today = dayIn(timeZone, now);
      const due = await learners.lockDue(courseId, today, batch);
      const news: NewEvent[] = [];
      const looked = due.map(({ learnerId, state, listens }): LookedAt => {
        const reviews = listens ? reviewsOf(catalogue, state, today) : [];
        const told = reviews.length > 0;
        if (told) news.push(reviewDue({ learnerId, courseId }, reviews));
        return { learnerId, told, nextReviewOn: nextAfter(today, state.memory) };
      });
      if (looked.length > 0) await learners.noteLookedAt(courseId, today, looked);
      return [news.length === 0 ? [] : await events.append(news, new Date(now)), due.length === batch] as const;
    });
    publisher.publish(stored);
    return { told: stored.length, more };
  }
}

/** The day on which to look again: never the same, also where there was nothing to tell. */
function nextAfter(today: number, memory: MemoryState): number | null {
  const due = earliestDue(memory);
  return due === null ? null : Math.max(due, today + 1);
}
