/** Why the migrations could not be applied. */
export type MigrationFault = 'changed' | 'failed' | 'unfinished';

/** An expected failure of a migration: a fault to branch on and a plain sentence to show. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly fault: MigrationFault,
    readonly migrationName: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
