import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Recommendation } from '../model/activity-view.js';
import { activityRecommended } from '../model/events.js';
import { decideNext } from '../policy/choose-activity.js';
import { circumstances, presentCatalogue, recommendationOf, type TutoringDependencies } from './dependencies.js';
import { masteryOf, type SkillMastery } from './read-mastery.js';

export interface SessionInput {
  /** Made by the client; the same id opens the same session again. */
  readonly id: string;
  readonly courseId: string;
  readonly at: number;
}

export interface OpenedSession {
  readonly kind: 'opened';
  readonly sessionId: string;
  readonly courseId: string;
  /** Null when there is nothing to choose. */
  readonly recommended: Recommendation | null;
  readonly mastery: readonly SkillMastery[];
}

/** Opens a learning session and recommends the first activity, or finds the session and its recommendation again. */
export class OpenSession {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: SessionInput): Promise<OpenedSession | Failure> {
    const around = circumstances(this.deps);
    const deviceAt = new Date(input.at);
    const found = { languages: [] as readonly string[], revision: 0 };
    const outcome = await this.deps.store.openSession(
      actor,
      { id: input.id, courseId: input.courseId, deviceAt, now: around.now },
      async (situation, standing) => {
        found.languages = situation.languages;
        found.revision = situation.courseRevision;
        if (standing !== null) return { value: standing, effect: null };
        const catalogue = await presentCatalogue(this.deps, actor, situation);
        const { state, decision } = decideNext(catalogue, situation, situation.state, around);
        if (decision === null) return { value: null, effect: null };
        return {
          value: decision,
          effect: { state, decision, events: [activityRecommended(actor.userId, situation, decision)] },
        };
      },
    );
    if (isFailure(outcome)) return outcome;
    this.deps.publisher.publish(outcome.events);
    const catalogue = await presentCatalogue(this.deps, actor, {
      courseId: input.courseId,
      courseRevision: found.revision,
    });
    return {
      kind: 'opened',
      sessionId: input.id,
      courseId: input.courseId,
      recommended: await recommendationOf(this.deps, actor, catalogue, outcome.decision, found.languages),
      mastery: masteryOf(catalogue, outcome.state),
    };
  }
}
