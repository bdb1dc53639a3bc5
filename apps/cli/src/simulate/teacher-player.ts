import {
  AttuneFailure,
  newId,
  operations,
  type AttuneClient,
  type AttuneSocket,
  type SubmissionView,
} from '#libs/client';
import { teachEventNames } from '#libs/contracts';
import type { Tally } from './tally.js';

/** At most so many reviews; the rest waits for a person. */
const mostReviews = 5;
/** How often and how long she looks whether work is graded. */
const look = { everyMs: 250, times: 40 } as const;

/** Plays the teacher: watches the course and reviews some of the work that waits for her. */
export class TeacherPlayer {
  private readonly socket: AttuneSocket<'/teach'>;
  private readonly underWay = new Set<Promise<void>>();
  private begun = 0;

  constructor(
    private readonly client: AttuneClient,
    private readonly tally: Tally,
  ) {
    this.socket = client.teach();
    for (const event of teachEventNames) {
      this.socket.on(event, () => void tally.events++);
    }
    this.socket.on('submission.received', ({ submissionId }) => {
      if (this.begun < mostReviews) this.begin(submissionId);
    });
    this.socket.on('submission.awaits-review', () => void tally.drawings.awaitReview++);
  }

  async watch(courseId: string): Promise<void> {
    await this.socket.follow({ courseId });
  }

  /** Waits for the reviews that have begun. */
  async close(): Promise<void> {
    await Promise.all(this.underWay);
    this.socket.close();
  }

  private begin(submissionId: string): void {
    this.begun++;
    const review = this.review(submissionId)
      .catch((error: unknown) => this.tally.error(error instanceof AttuneFailure ? error.code : 'UNEXPECTED'))
      .finally(() => this.underWay.delete(review));
    this.underWay.add(review);
  }

  /** Gives the first criterion that lost points the benefit of the doubt; where none did, confirms. */
  private async review(submissionId: string): Promise<void> {
    const submission = await this.graded(submissionId);
    if (submission === null) return;
    const lost = submission.scores.at(-1)?.criteria.find(({ awarded, points }) => awarded < points);
    const input =
      lost === undefined
        ? { id: newId(), submissionId }
        : {
            id: newId(),
            submissionId,
            overrides: [{ criterionId: lost.criterionId, awarded: lost.points }],
            reason: 'The label stands close enough.',
          };
    await this.client.graphql(operations.reviewSubmission, { input });
    this.tally.drawings.reviews++;
  }

  /** The submission with its score; null where none comes. */
  private async graded(id: string): Promise<SubmissionView | null> {
    for (let time = 0; time < look.times; time++) {
      await new Promise((resolve) => setTimeout(resolve, look.everyMs));
      const { submission } = await this.client.graphql(operations.submission, { id });
      if (submission.scores.length > 0) return submission;
    }
    return null;
  }
}
