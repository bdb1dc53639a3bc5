/** What can go wrong with the embedded PostgreSQL; the message is always a sentence for the person at the terminal. */
export type EmbeddedPostgresFault =
  | 'no-binaries'
  | 'no-account'
  | 'not-writable'
  | 'disk-full'
  | 'broken-folder'
  | 'other-version'
  | 'still-in-use'
  | 'will-not-stop'
  | 'will-not-start';

/** An expected failure of the embedded PostgreSQL: a fault to branch on and a plain sentence to show. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  /** @param detail lines of PostgreSQL's own output that explain the sentence, for a log or a longer report */
  constructor(
    readonly fault: EmbeddedPostgresFault,
    message: string,
    readonly detail = '',
  ) {
    super(message);
  }
}
