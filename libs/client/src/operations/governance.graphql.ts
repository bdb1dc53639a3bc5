import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** One decision about one purpose; times are texts in RFC 3339. */
export interface ConsentDecision {
  readonly id: string;
  readonly purpose: string;
  readonly decision: string;
  readonly givenAs: string;
  readonly noticeVersion: string;
  readonly expiresAt: string | null;
  readonly recordedAt: string;
}

const consentFields = 'id purpose decision givenAs noticeVersion expiresAt recordedAt';

/** Consent records, the newest first: one's own, or, for administrators and services, a learner's. */
export const consents = operation<
  { consents: Connection<ConsentDecision> | null },
  { learnerId: string; first: number; after: string | null }
>(`query Consents($learnerId: UUID!, $first: Int!, $after: String) {
    consents(learnerId: $learnerId, first: $first, after: $after) {
      edges { node { ${consentFields} } } pageInfo { hasNextPage endCursor }
    }
  }`);

/** How things stand now with each purpose; null where there is nobody to be seen. */
export const consentStanding = operation<
  {
    consentStanding:
      readonly { readonly purpose: string; readonly granted: boolean; readonly until: string | null }[] | null;
  },
  { learnerId: string }
>(`query ConsentStanding($learnerId: UUID!) {
    consentStanding(learnerId: $learnerId) { purpose granted until }
  }`);

/** Records a decision: one's own, or, for administrators and services, what a guardian decided. */
export const recordConsent = operation<
  { recordConsent: Outcome<'ConsentRecord', ConsentDecision> },
  {
    input: {
      id: string;
      learnerId: string;
      purpose: string;
      decision: string;
      givenAs: string;
      noticeVersion: string;
      expiresAt?: string | null;
    };
  }
>(`mutation RecordConsent($input: RecordConsentInput!) {
    recordConsent(input: $input) { __typename ... on ConsentRecord { ${consentFields} } ${refusal} }
  }`);

/** How closely it may be looked at how learners are doing, and why no more closely. */
export interface SensingAnswer {
  readonly mode: string;
  readonly limits: readonly {
    readonly by: string;
    readonly most: string;
    readonly rule: {
      readonly id: string;
      readonly title: string;
      readonly source: string;
      readonly url: string;
    } | null;
    readonly scope: string | null;
    readonly lacksConsentOf: readonly string[];
  }[];
}

/** For a learner: oneself, or, for administrators and services, anybody; without one it says what holds before consent. */
export const sensing = operation<
  { sensing: SensingAnswer | null },
  { courseId: string | null; activityId: string | null; learnerId: string | null; graded: boolean }
>(`query Sensing($courseId: UUID, $activityId: UUID, $learnerId: UUID, $graded: Boolean!) {
    sensing(courseId: $courseId, activityId: $activityId, learnerId: $learnerId, graded: $graded) {
      mode limits { by most rule { id title source url } scope lacksConsentOf }
    }
  }`);

/** Sets the most that may be looked at, for an institution, a course, an activity or a learner; null takes it away. */
export const setSensingCeiling = operation<
  {
    setSensingCeiling: Outcome<
      'SensingCeiling',
      { readonly scope: string; readonly subjectId: string; readonly mode: string | null }
    >;
  },
  { input: { scope: string; subjectId: string; mode: string | null } }
>(`mutation SetSensingCeiling($input: SetSensingCeilingInput!) {
    setSensingCeiling(input: $input) { __typename ... on SensingCeiling { scope subjectId mode } ${refusal} }
  }`);

/** Turns on or off that it is looked at when learners leave the page. */
export const setPresenceWatch = operation<
  { setPresenceWatch: Outcome<'PresenceWatch', { readonly on: boolean }> },
  { on: boolean }
>(`mutation SetPresenceWatch($on: Boolean!) {
    setPresenceWatch(on: $on) { __typename ... on PresenceWatch { on } ${refusal} }
  }`);

/** The last seal of the audit, for administrators to note elsewhere; null where nothing was sealed yet. */
export const auditHead = operation<{
  auditHead: { readonly number: number; readonly hash: string; readonly sealedAt: string } | null;
}>('query AuditHead { auditHead { number hash sealedAt } }');
