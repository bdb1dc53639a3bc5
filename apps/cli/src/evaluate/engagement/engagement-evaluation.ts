/** How well behaviour tells what comes. */
export interface EngagementEvaluation {
  /** For programs, as JSON. */
  readonly figures: object;
  /** For people. */
  readonly lines: readonly string[];
}

/** Measures on the files of a folder. Throws a DatasetError where one is not what it should be. */
export type EvaluateEngagement = (
  folder: string,
  seed: string,
  onProgress: (share: number, what: string) => void,
) => Promise<EngagementEvaluation>;
