/**
 * Something that was done for a caller, when it has ended. Names are those of operations and queues, attributes are
 * codes and counts: a trace holds no personal data.
 */
export interface EndedWork {
  readonly kind: 'request' | 'job';
  readonly name: string;
  readonly milliseconds: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Whether it went wrong in a way that its caller has not caused. */
  readonly failed: boolean;
  /** The caller's `traceparent` header (W3C Trace Context), which the work becomes a part of. */
  readonly traceparent?: string | undefined;
}

/** Where traces go. */
export abstract class Telemetry {
  /** Whether anything is done with what is noted. */
  abstract readonly isOn: boolean;
  abstract note(work: EndedWork): void;
  /** Sends what is still here. */
  abstract close(): Promise<void>;

  /** Nest closes whatever it provides. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
