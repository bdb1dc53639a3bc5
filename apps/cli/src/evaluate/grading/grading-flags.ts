/** What `attune evaluate grading` is told. */
export interface GradingFlags {
  readonly set: GradingSet;
  readonly train: readonly string[];
  readonly test: string;
  readonly labelsPerClass?: number;
  readonly others: readonly string[];
  readonly seed: string;
  readonly report?: string;
  readonly json: boolean;
}

/** Published sets of visual work: see docs/performance.md for where they come from. */
export const gradingSets = ['bccd', 'dsb2018', 'fcinkml', 'hdbpmn', 'omniglot'] as const;
export type GradingSet = (typeof gradingSets)[number];
