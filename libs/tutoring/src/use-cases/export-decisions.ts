import type { Actor } from '#libs/identity';
import { policyNamed, type LoggedDecision } from '#libs/recommendation';
import type { DecisionArchive, DecisionWithOutcome, LoggedActivity } from '../ports.js';

/** How many decisions are held at once. */
const pageSize = 500;

/** A decision with its reward, and what else is known of it. */
export interface ExportedDecision extends LoggedDecision {
  readonly decidedAt: string;
  /** Terms of the utility of what was chosen. */
  readonly terms: Readonly<Record<string, number>>;
}

/** What an export found; the counts stand when it has ended. */
export interface ExportedDecisions {
  exported: number;
  learners: number;
  /** Nobody answered them: another recommendation replaced them, or something else was answered, or nothing yet. */
  unanswered: number;
  /** They were taken on, but asked nothing, and no marked answer has followed yet. */
  unmarked: number;
}

/**
 * The decisions of a course, one after another, with the reward of each: 1 where the first answer that was marked, from the
 * response to the recommendation on, was right, 0 where it was wrong. What asks nothing has to be rewarded too, or an
 * estimate would be one over questions only. Nobody is named but by pseudonym.
 */
export class ExportDecisions {
  constructor(private readonly archive: DecisionArchive) {}

  async *execute(
    actor: Actor,
    courseId: string,
    since: Date | null,
    counts: ExportedDecisions,
    onProgress: (done: number, of: number) => void = () => undefined,
  ): AsyncGenerator<ExportedDecision> {
    const activities = await this.archive.listActivities(actor, courseId);
    const count = await this.archive.countDecisions(actor, courseId, since);
    let done = 0;
    let after: DecisionWithOutcome | null = null;
    let learner: string | null = null;
    for (;;) {
      onProgress(Math.min(done, count), count);
      const page: readonly DecisionWithOutcome[] = await this.archive.listDecisions(actor, courseId, {
        since,
        after,
        atMost: pageSize,
      });
      for (const each of page) {
        if (!each.isAnswered) counts.unanswered++;
        else if (each.correct === null) counts.unmarked++;
        else {
          counts.exported++;
          if (each.pseudonym !== learner) counts.learners++;
          learner = each.pseudonym;
          yield logged(each, each.correct, activities);
        }
      }
      done += page.length;
      if (page.length < pageSize) break;
      after = page.at(-1)!;
    }
    onProgress(count, count);
  }
}

function logged(
  { pseudonym, decision }: DecisionWithOutcome,
  correct: boolean,
  activities: ReadonlyMap<number, LoggedActivity>,
): ExportedDecision {
  const { id, policyName, policyVersion, seed, activityId, probabilities, utilities } = decision;
  const policy = policyNamed(policyName, policyVersion);
  return {
    id,
    policy: {
      name: policyName,
      version: policyVersion,
      ...(policy && { temperature: policy.temperature, epsilon: policy.epsilon }),
    },
    seed,
    candidates: decision.candidates.map((number, place) => {
      const activity = activities.get(number)!;
      const utility = utilities[place];
      return {
        activityId: activity.id,
        probability: probabilities[place]!,
        ...(utility !== undefined && { utility }),
        // Activities for the same skills count as one action: there are too few rewards of a single activity.
        ...(activity.skillIds.length > 0 && { action: activity.skillIds.toSorted().join('+') }),
      };
    }),
    chosen: activityId,
    learner: pseudonym,
    reward: correct ? 1 : 0,
    decidedAt: decision.decidedAt.toISOString(),
    terms: Object.fromEntries(decision.terms.map(({ name, value }) => [name, value])),
  };
}
