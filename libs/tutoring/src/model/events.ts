import { courseStream, learnerStream, writtenDay, type NewEvent } from '#libs/kernel';
import type { MasteryChange } from '#libs/mastery';
import type { MasteryCrossing } from '../policy/mastery-crossings.js';
import type { SkillReview } from '../policy/reviews-of.js';
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
  'mastery.updated': UpdatedMastery;
  'review.due': {
    readonly courseId: string;
    readonly reviews: readonly {
      readonly skillId: string;
      readonly retrievability: number;
      /** As it is written, such as 2026-03-29. */
      readonly dueOn: string;
    }[];
  };
}

/** What the teachers of a course hear of its learners. */
export interface CourseTutoringEvents {
  'mastery.updated': UpdatedMastery & { readonly learnerId: string };
}

type UpdatedMastery = MasteryCrossing & { readonly courseId: string };

export interface RecommendedEvent {
  readonly decisionId: string;
  readonly activityId: string;
  readonly activityVersion: number;
}

type Place = { readonly learnerId: string; readonly courseId: string; readonly sessionId: string };

function event<T extends keyof TutoringEvents>(learnerId: string, type: T, payload: TutoringEvents[T]): NewEvent {
  return { stream: learnerStream(learnerId), type, payload };
}

function toCourse<T extends keyof CourseTutoringEvents>(
  courseId: string,
  type: T,
  payload: CourseTutoringEvents[T],
): NewEvent {
  return { stream: courseStream(courseId), type, payload };
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

/** The learner hears that a skill came to count as mastered, or ceased to, and so do the teachers of the course. */
export function masteryUpdated(
  { learnerId, courseId }: Pick<Place, 'learnerId' | 'courseId'>,
  { skillId, mastered, probability }: MasteryCrossing,
): NewEvent[] {
  const payload = { courseId, skillId, mastered, probability };
  return [
    event(learnerId, 'mastery.updated', payload),
    toCourse(courseId, 'mastery.updated', { ...payload, learnerId }),
  ];
}

/** An event names so many reviews: who has been away for long asks for the rest. */
const mostReviews = 50;

/** The learner hears what is due for review, the least well recalled first. */
export function reviewDue(
  { learnerId, courseId }: Pick<Place, 'learnerId' | 'courseId'>,
  due: readonly SkillReview[],
): NewEvent {
  const reviews = due.slice(0, mostReviews).map(({ skillId, retrievability, dueOn }) => ({
    skillId,
    retrievability,
    dueOn: writtenDay(dueOn),
  }));
  return event(learnerId, 'review.due', { courseId, reviews });
}

function toRecommended({ id: decisionId, activityId, activityVersion }: DecisionRecord): RecommendedEvent {
  return { decisionId, activityId, activityVersion };
}
