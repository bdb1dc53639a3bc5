import { learnerStream, type NewEvent } from '#libs/kernel';
import type { MasteryChange } from '#libs/mastery';
import type { DecisionRecord, InterventionRecord, ResponseRecord } from './records.js';

/** What a learner's devices hear. */
export interface TutoringEvents {
  'response.recorded': {
    readonly courseId: string;
    readonly sessionId: string;
    readonly responseId: string;
    readonly correct: boolean | null;
    readonly mastery: readonly MasteryChange[];
    readonly recommended: RecommendedEvent | null;
  };
  'activity.recommended': {
    readonly courseId: string;
    readonly sessionId: string;
    readonly recommended: RecommendedEvent;
  };
  'intervention.offered': {
    readonly courseId: string;
    readonly sessionId: string;
    readonly interventionId: string;
    readonly trigger: InterventionRecord['trigger'];
    /** Null for a break. */
    readonly activityId: string | null;
    readonly activityVersion: number | null;
    /** Length of a break; null for an activity. */
    readonly breakMinutes: number | null;
  };
}

export interface RecommendedEvent {
  readonly decisionId: string;
  readonly activityId: string;
  readonly activityVersion: number;
}

type Place = { readonly learnerId: string; readonly courseId: string; readonly sessionId: string };

function event<T extends keyof TutoringEvents>(learnerId: string, type: T, payload: TutoringEvents[T]): NewEvent {
  return { stream: learnerStream(learnerId), type, payload };
}

export function responseRecorded(
  { learnerId, courseId, sessionId }: Place,
  response: ResponseRecord,
  decision: DecisionRecord | null,
): NewEvent {
  const { id: responseId, correct, changes: mastery } = response;
  const recommended = decision === null ? null : toRecommended(decision);
  return event(learnerId, 'response.recorded', {
    courseId,
    sessionId,
    responseId,
    correct,
    mastery,
    recommended,
  });
}

export function activityRecommended({ learnerId, courseId, sessionId }: Place, decision: DecisionRecord): NewEvent {
  return event(learnerId, 'activity.recommended', { courseId, sessionId, recommended: toRecommended(decision) });
}

export function interventionOffered(
  { learnerId, courseId, sessionId }: Place,
  { id: interventionId, trigger, activityId, activityVersion, minutes: breakMinutes }: InterventionRecord,
): NewEvent {
  const payload = { courseId, sessionId, interventionId, trigger, activityId, activityVersion, breakMinutes };
  return event(learnerId, 'intervention.offered', payload);
}

function toRecommended({ id: decisionId, activityId, activityVersion }: DecisionRecord): RecommendedEvent {
  return { decisionId, activityId, activityVersion };
}
