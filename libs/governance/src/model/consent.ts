/**
 * What somebody may be asked to agree to. Teaching itself needs no consent. `engagement-sharing`: her teachers see what is
 * estimated of her engagement where it led to an offer. `training`: models may learn from her work.
 */
export const consentPurposes = [
  'behaviour',
  'attention',
  'affect',
  'research',
  'engagement-sharing',
  'training',
] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

export const consentDecisions = ['granted', 'withdrawn'] as const;
export type ConsentDecision = (typeof consentDecisions)[number];

/** Who decided: the learner, or whoever decides for her. */
export const consentGivers = ['student', 'guardian'] as const;
export type ConsentGiver = (typeof consentGivers)[number];

/** One decision about one purpose. It is never changed: another decision is another record. */
export interface ConsentRecord {
  readonly id: string;
  readonly purpose: ConsentPurpose;
  readonly decision: ConsentDecision;
  readonly givenAs: ConsentGiver;
  /** Which text was shown. */
  readonly noticeVersion: string;
  /** When a grant ends by itself; null for never. */
  readonly expiresAt: Date | null;
  readonly recordedAt: Date;
}

/** How things stand with one purpose. */
export interface ConsentStanding {
  readonly purpose: ConsentPurpose;
  readonly granted: boolean;
  /** When the grant ends by itself; null where nothing is granted, or for ever. */
  readonly until: Date | null;
}
