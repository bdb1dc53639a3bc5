import { fail, isFailure, type Failure } from '#libs/kernel';
import { isTrustedService, type Actor } from '#libs/identity';
import type { Recommendation } from '../model/activity-view.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { activityRecommended } from '../model/events.js';
import type { LearnerState } from '../model/learner-state.js';
import type { DecisionRecord } from '../model/records.js';
import { decideNext, mayStand, type Circumstances } from '../policy/choose-activity.js';
import type { Membership, Situation, Verdict } from '../ports.js';
import { circumstances, presentCatalogue, recommendationOf, type TutoringDependencies } from './dependencies.js';
import { masteryOf, type SkillMastery } from './read-mastery.js';
import { noSuchCourse } from './refusals.js';

export interface SessionInput {
  /** Made by the client; the same id opens the same session again. */
  readonly id: string;
  readonly courseId: string;
  /** For whom a trusted service opens it; null for the actor herself. */
  readonly learnerId: string | null;
  /** Whether what is done in it counts towards a grade: then nothing is left to chance, and no policies are compared. */
  readonly graded: boolean;
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

interface Decided {
  readonly decision: DecisionRecord | null;
  readonly state: LearnerState;
  readonly catalogue: CourseCatalogue;
  readonly languages: readonly string[];
}

/** Opens a learning session and recommends the first activity, or finds the session and its recommendation again. */
export class OpenSession {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: SessionInput): Promise<OpenedSession | Failure> {
    const { id, courseId, graded } = input;
    const learnerId = input.learnerId ?? actor.userId;
    const openedBy = learnerId === actor.userId ? null : actor.userId;
    if (openedBy !== null && !isTrustedService(actor)) {
      return fail('FORBIDDEN', 'Only a trusted service opens a session for somebody else.');
    }
    const around = circumstances(this.deps);
    const outcome = await this.deps.store.openSession<Decided | Failure>(
      actor,
      { id, courseId, learnerId, openedBy, graded, deviceAt: new Date(input.at), now: around.now },
      refuseWhoIsNoLearner,
      (situation, standing) => this.decide(actor, situation, standing, around),
    );
    if (outcome === null) return fail('ID_REUSED', 'This session id was already used for another session.');
    if (isFailure(outcome)) return outcome;
    if (isFailure(outcome.value)) return outcome.value;
    this.deps.publisher.publish(outcome.events);
    const { decision, state, catalogue, languages } = outcome.value;
    return {
      kind: 'opened',
      sessionId: id,
      courseId,
      recommended: await recommendationOf(this.deps, actor, catalogue, decision, languages),
      mastery: masteryOf(catalogue, state),
    };
  }

  private async decide(
    actor: Actor,
    situation: Situation,
    standing: DecisionRecord | null,
    around: Circumstances,
  ): Promise<Verdict<Decided | Failure>> {
    if (situation.sessionClosed) return { value: fail('SESSION_CLOSED'), effect: null };
    const catalogue = await presentCatalogue(this.deps, actor, situation);
    const { languages } = situation;
    // Where work has told more since it was made, another is made from what is known now.
    const isOfNow = standing?.sequence === situation.state.sequence;
    if (standing !== null && isOfNow && mayStand(catalogue, standing, situation)) {
      return { value: { decision: standing, state: situation.state, catalogue, languages }, effect: null };
    }
    const { state, decision } = decideNext(catalogue, situation, situation.state, around);
    if (decision === null) {
      return { value: { decision, state: situation.state, catalogue, languages }, effect: null };
    }
    return {
      value: { decision, state, catalogue, languages },
      effect: { at: around.now, state, decision, events: [activityRecommended(situation, decision)] },
    };
  }
}

function refuseWhoIsNoLearner(membership: Membership | null): Failure | null {
  if (membership === null || membership.role === null || membership.courseArchived) {
    return noSuchCourse();
  }
  if (membership.hasLeft || membership.role !== 'learner') {
    return fail('FORBIDDEN', 'Only somebody who is enrolled as a learner opens a session.');
  }
  return null;
}
