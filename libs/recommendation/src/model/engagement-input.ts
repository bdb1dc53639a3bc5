/** What an estimate of engagement may speak of, in the order in which equals count. */
export const engagementAspects = ['confusion', 'guessing', 'distraction', 'boredom'] as const;
export type EngagementAspect = (typeof engagementAspects)[number];

/** How likely an aspect is, and how far that can be relied on; both 0 to 1. */
export interface EngagementSign {
  readonly probability: number;
  readonly confidence: number;
}

/**
 * Everything that choosing may know of a learner's engagement. An aspect that is left out was not estimated, which is
 * not the same as improbable.
 */
export interface EngagementInput extends Readonly<Partial<Record<EngagementAspect, EngagementSign>>> {
  /** What made the estimate: `rules`, or the name and version of a model. */
  readonly source: string;
}
