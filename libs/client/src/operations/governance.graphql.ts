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

/** The last seal of the audit, for administrators to note elsewhere; null where nothing was sealed yet. */
export const auditHead = operation<{
  auditHead: { readonly number: number; readonly hash: string; readonly sealedAt: string } | null;
}>('query AuditHead { auditHead { number hash sealedAt } }');
