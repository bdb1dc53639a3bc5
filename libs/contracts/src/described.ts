import type { z } from 'zod';

/** What docs/realtime.md says of a request or an event. */
interface Described {
  /** What it does or tells, in a sentence or two. */
  readonly description: string;
  /** "… Use …, gone after YYYY-MM-DD.": the notice that docs/deprecation-policy.md asks for. */
  readonly deprecated?: string;
}

/** What a client may ask, and what the acknowledgement gives. */
export interface DescribedRequest extends Described {
  readonly request: z.ZodType;
  readonly answer: z.ZodType;
}

/** What a client may hear. */
export interface DescribedEvent extends Described {
  readonly payload: z.ZodType;
}

/** Requests by name. */
export type DescribedRequests = Readonly<Record<string, DescribedRequest>>;

/** Events by name. */
export type DescribedEvents = Readonly<Record<string, DescribedEvent>>;
