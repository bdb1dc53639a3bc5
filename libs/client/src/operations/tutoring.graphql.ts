import { learnerActivityFields } from './fields.js';
import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** An activity as a learner sees it: without its key. */
export interface ActivityForLearner {
  readonly activityId: string;
  readonly version: number;
  readonly kind: string;
  readonly modality: string;
  readonly language: string;
  readonly title: string;
  /** Markdown with maths. */
  readonly body: string;
  readonly minutes: number;
  readonly skillIds: readonly string[];
  readonly hintCount: number;
  readonly media: readonly {
    readonly src: string;
    readonly alternativeText: string;
    readonly caption: string | null;
  }[];
  readonly form: {
    readonly kind: string;
    readonly options: readonly { readonly id: string; readonly text: string }[] | null;
    readonly items: readonly { readonly id: string; readonly text: string }[] | null;
    readonly unit: string | null;
    readonly maxLength: number | null;
    readonly image: string | null;
  };
}

export interface RecommendedActivity {
  readonly decisionId: string;
  /** Why it was chosen, in one sentence. */
  readonly because: string;
  readonly activity: ActivityForLearner;
}

export interface OfferOfHelp {
  readonly interventionId: string;
  readonly trigger: string;
  /** Why it is offered, in one sentence. */
  readonly because: string;
  /** Null for a break. */
  readonly activity: ActivityForLearner | null;
  /** Length of a break; null for an activity. */
  readonly breakMinutes: number | null;
}

export interface MasteryOfSkill {
  readonly skillId: string;
  readonly name: string;
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  /** P(L) of Bayesian knowledge tracing; null for learners who are still followed by an older model. */
  readonly known: number | null;
  readonly responses: number;
  readonly mastered: boolean;
}

/** Times are texts in RFC 3339. */
export interface SessionOutline {
  readonly id: string;
  readonly courseId: string;
  readonly learnerId: string;
  /** Whether what was done in it counts towards a grade. */
  readonly graded: boolean;
  readonly deviceAt: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
}

/** Exactly one field is set. */
export type AnswerInput =
  | { choice: string }
  | { choices: readonly string[] }
  | { number: number }
  | { text: string }
  | { order: readonly string[] }
  | { done: boolean };

const recommendation = `decisionId because activity { ${learnerActivityFields} }`;
const offerFields = `interventionId trigger because breakMinutes activity { ${learnerActivityFields} }`;
const masteryFields = 'skillId name probability low high known responses mastered';
const sessionFields = 'id courseId learnerId graded deviceAt openedAt closedAt';

/** Mastery of each skill: one's own, or, for teachers, a learner's. */
export const mastery = operation<
  { mastery: readonly MasteryOfSkill[] },
  { courseId: string; learnerId: string | null }
>(`query Mastery($courseId: UUID!, $learnerId: UUID) {
    mastery(courseId: $courseId, learnerId: $learnerId) { ${masteryFields} }
  }`);

/** Mastery of one skill, response by response, for a plot. */
export const masteryHistory = operation<
  { masteryHistory: readonly { readonly sequence: number; readonly at: string; readonly probability: number }[] },
  { courseId: string; skillId: string; learnerId: string | null }
>(`query MasteryHistory($courseId: UUID!, $skillId: UUID!, $learnerId: UUID) {
    masteryHistory(courseId: $courseId, skillId: $skillId, learnerId: $learnerId) { sequence at probability }
  }`);

/** Skills that are due for review today; `dueOn` is a day such as 2026-03-29. */
export const dueReviews = operation<
  {
    dueReviews: readonly {
      readonly skillId: string;
      readonly name: string;
      readonly retrievability: number;
      readonly dueOn: string;
    }[];
  },
  { courseId: string; learnerId: string | null }
>(`query DueReviews($courseId: UUID!, $learnerId: UUID) {
    dueReviews(courseId: $courseId, learnerId: $learnerId) { skillId name retrievability dueOn }
  }`);

/** A skill of a course, and how far a class has come with it. */
export interface SkillOfClass {
  readonly skillId: string;
  readonly name: string;
  readonly prerequisiteIds: readonly string[];
  readonly begun: number;
  readonly mastered: number;
  readonly median: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** How far a class has come with the skills of its course, for its teachers. */
export const skillMap = operation<
  { skillMap: { readonly learners: number; readonly skills: readonly SkillOfClass[] } },
  { courseId: string }
>(`query SkillMap($courseId: UUID!) {
    skillMap(courseId: $courseId) {
      learners skills { skillId name prerequisiteIds begun mastered median lower upper }
    }
  }`);

/** Something else that could come next, with the probability with which the policy would have chosen it. */
export interface AlternativeActivity {
  readonly probability: number;
  readonly activity: ActivityForLearner;
}

/**
 * The recommendation that stands in a session of one's own; null when there is nothing to choose. For an app that lets the
 * learner decide, with up to ten alternatives.
 */
export const nextActivity = operation<
  { nextActivity: (RecommendedActivity & { readonly alternatives: readonly AlternativeActivity[] }) | null },
  { sessionId: string; alternatives?: number }
>(`query NextActivity($sessionId: UUID!, $alternatives: Int! = 0) {
    nextActivity(sessionId: $sessionId) {
      ${recommendation}
      alternatives(first: $alternatives) { probability activity { ${learnerActivityFields} } }
    }
  }`);

/** A session of one's own, or of a learner whom one teaches. */
export const session = operation<{ session: SessionOutline | null }, { id: string }>(
  `query Session($id: UUID!) { session(id: $id) { ${sessionFields} } }`,
);

/** Sessions in a course, the latest first: one's own, or, for teachers, a learner's. */
export const sessions = operation<
  { sessions: Connection<SessionOutline> },
  { courseId: string; learnerId: string | null; first: number; after: string | null }
>(`query Sessions($courseId: UUID!, $learnerId: UUID, $first: Int!, $after: String) {
    sessions(courseId: $courseId, learnerId: $learnerId, first: $first, after: $after) {
      edges { node { ${sessionFields} } } pageInfo { hasNextPage endCursor }
    }
  }`);

/** Opens a session and recommends the first activity. */
export const openSession = operation<
  {
    openSession: Outcome<
      'OpenedSession',
      {
        sessionId: string;
        courseId: string;
        recommended: RecommendedActivity | null;
        mastery: readonly MasteryOfSkill[];
      }
    >;
  },
  { input: { id: string; courseId: string; graded?: boolean; at: string } }
>(`mutation OpenSession($input: OpenSessionInput!) {
    openSession(input: $input) {
      __typename ... on OpenedSession { sessionId courseId recommended { ${recommendation} } mastery { ${masteryFields} } }
      ${refusal}
    }
  }`);

/** Closes a session of one's own. */
export const closeSession = operation<
  { closeSession: Outcome<'ClosedSession', { sessionId: string }> },
  { sessionId: string }
>(`mutation CloseSession($sessionId: UUID!) {
    closeSession(sessionId: $sessionId) { __typename ... on ClosedSession { sessionId } ${refusal} }
  }`);

/** Records a response, updates mastery and recommends what comes next. */
export const recordResponse = operation<
  {
    recordResponse: Outcome<
      'RecordedResponse',
      {
        responseId: string;
        sequence: number;
        resent: boolean;
        correct: boolean | null;
        feedback: string | null;
        mastery: readonly { readonly skillId: string; readonly before: number; readonly after: number }[];
        recommended: RecommendedActivity | null;
        offer: OfferOfHelp | null;
      }
    >;
  },
  {
    input: {
      id: string;
      sessionId: string;
      activityId: string;
      activityVersion: number;
      answer: AnswerInput;
      correct?: boolean | null;
      durationMs: number;
      at: string;
    };
  }
>(`mutation RecordResponse($input: RecordResponseInput!) {
    recordResponse(input: $input) {
      __typename
      ... on RecordedResponse {
        responseId sequence resent correct feedback mastery { skillId before after }
        recommended { ${recommendation} } offer { ${offerFields} }
      }
      ${refusal}
    }
  }`);

/** Notes what happened between two responses; it may lead to an offer of help. */
export const recordInteraction = operation<
  {
    recordInteraction: Outcome<
      'NotedInteraction',
      { interactionId: string; resent: boolean; offer: OfferOfHelp | null }
    >;
  },
  { input: { id: string; sessionId: string; activityId?: string | null; kind: string; at: string } }
>(`mutation RecordInteraction($input: RecordInteractionInput!) {
    recordInteraction(input: $input) {
      __typename ... on NotedInteraction { interactionId resent offer { ${offerFields} } } ${refusal}
    }
  }`);

/** Gives the next hint of an activity. */
export const requestHint = operation<
  {
    requestHint: Outcome<
      'Hint',
      { hintId: string; step: number; steps: number; text: string; offer: OfferOfHelp | null }
    >;
  },
  { input: { id: string; sessionId: string; activityId: string; at: string } }
>(`mutation RequestHint($input: RequestHintInput!) {
    requestHint(input: $input) { __typename ... on Hint { hintId step steps text offer { ${offerFields} } } ${refusal} }
  }`);

/** Accepts or dismisses an offer of help. */
export const reactToOffer = operation<
  {
    reactToOffer: Outcome<
      'Reaction',
      { interventionId: string; reaction: string; activity: ActivityForLearner | null }
    >;
  },
  { interventionId: string; reaction: 'accepted' | 'dismissed' | 'contested'; at: string }
>(`mutation ReactToOffer($interventionId: UUID!, $reaction: String!, $at: DateTime!) {
    reactToOffer(interventionId: $interventionId, reaction: $reaction, at: $at) {
      __typename ... on Reaction { interventionId reaction activity { ${learnerActivityFields} } } ${refusal}
    }
  }`);

/** Why an activity was recommended: a sentence for who asks, and the parts of its utility. */
export interface DecisionView {
  readonly id: string;
  readonly courseId: string;
  readonly learnerId: string;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly policyName: string;
  readonly policyVersion: number;
  /** Probability with which the policy chose this activity. */
  readonly probability: number;
  readonly seed: string;
  /** Why, in words, with what would have changed it. */
  readonly because: string;
  readonly terms: readonly { readonly name: string; readonly value: number }[];
  /** The smallest change that would have made something else the most probable; null where none that was tried would. */
  readonly counterfactual: CounterfactualView | null;
  /** RFC 3339. */
  readonly decidedAt: string;
}

/** One thing that could have been otherwise; which fields are set depends on its kind. */
export interface CounterfactualView {
  readonly kind: 'mastery' | 'times-seen' | 'retrievability' | 'without-control' | 'term';
  readonly skillId: string | null;
  readonly activityId: string | null;
  readonly control: 'pin' | 'order' | 'due-date' | 'ban' | null;
  readonly term: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly insteadActivityId: string | null;
  readonly basis: 'replayed' | 'stored-terms';
}

/** A recommendation of one's own, or of a learner whom one teaches, and why. */
export const decision = operation<{ decision: DecisionView | null }, { id: string }>(
  `query Decision($id: UUID!) {
    decision(id: $id) {
      id courseId learnerId activityId activityVersion policyName policyVersion probability seed because decidedAt
      terms { name value }
      counterfactual { kind skillId activityId control term from to insteadActivityId basis }
    }
  }`,
);

/** Why something was offered: for the learner, or for a teacher without what the learner does not share. */
export interface OfferExplanationView {
  readonly id: string;
  readonly courseId: string;
  readonly learnerId: string;
  readonly trigger: string | null;
  readonly activityId: string | null;
  readonly breakMinutes: number | null;
  readonly state: 'offered' | 'accepted' | 'dismissed' | 'contested';
  readonly policyName: string | null;
  readonly policyVersion: number | null;
  readonly probability: number | null;
  readonly because: string;
  readonly terms: readonly { readonly name: string; readonly value: number }[];
  /** RFC 3339. */
  readonly offeredAt: string;
}

/** An offer that was made to oneself, or to a learner whom one teaches, and why. */
export const offer = operation<{ offer: OfferExplanationView | null }, { id: string }>(
  `query Offer($id: UUID!) {
    offer(id: $id) {
      id courseId learnerId trigger activityId breakMinutes state policyName policyVersion probability because offeredAt
      terms { name value }
    }
  }`,
);
