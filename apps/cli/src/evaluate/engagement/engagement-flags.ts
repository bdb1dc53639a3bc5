/** Published sets of behaviour: see docs/performance.md for where they come from. */
export const engagementSets = ['epm', 'oulad'] as const;
export type EngagementSet = (typeof engagementSets)[number];

/** What `attune evaluate engagement` is told. */
export interface EngagementFlags {
  readonly set: EngagementSet;
  readonly data: string;
  readonly seed: string;
  readonly json: boolean;
}
