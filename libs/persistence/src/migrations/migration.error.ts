/** Why the database could not be prepared. */
export type MigrationFault = 'changed' | 'failed' | 'unfinished' | 'role-in-use';

/** An expected failure of a migration: a fault to branch on and a plain sentence to show. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly fault: MigrationFault,
    /** The migration, or the role, that it is about. */
    readonly migrationName: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
