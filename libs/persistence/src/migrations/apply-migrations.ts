import pg from 'pg';
import { MigrationError } from './migration.error.js';
import { type MigrationFile, readMigrations } from './migration-files.js';
import { ensureLedger, type LedgerEntry, readLedger, recordApplied } from './migration-ledger.js';
import { withClient } from './with-client.js';

/** What to apply, and where. */
export interface ApplyMigrationsOptions {
  /** PostgreSQL URL of the role that owns the tables. */
  readonly ownerUrl: string;
  /** Absolute path of prisma/migrations. */
  readonly folder: string;
  /** Told before each migration that is applied: its name, its place among those to apply (from 1), and their number. */
  readonly onStep?: (name: string, position: number, total: number) => void;
}

/** What happened. */
export interface AppliedMigrations {
  /** Names of the migrations applied now, in order. */
  readonly applied: readonly string[];
  /** How many were there already. */
  readonly alreadyApplied: number;
}

/** The key of Prisma's own advisory lock, so that the two never migrate at the same time. */
const PRISMA_LOCK = 72_707_369;

/**
 * Brings a database to the state of the committed migrations. Each one runs in a transaction together with its row in
 * Prisma's table, under Prisma's lock: several servers may start at once, and a failure leaves nothing half done.
 * A database that is ahead of this program (a newer one runs beside it during a deployment) is left as it is.
 * @throws MigrationError when a migration fails, was changed after it was applied, or was left half done by Prisma
 */
export async function applyMigrations(options: ApplyMigrationsOptions): Promise<AppliedMigrations> {
  const migrations = await readMigrations(options.folder);
  return withClient(options.ownerUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]); // given back when the connection ends
    await ensureLedger(client);
    const pending = findPending(migrations, await readLedger(client));
    for (const [index, migration] of pending.entries()) {
      options.onStep?.(migration.name, index + 1, pending.length);
      await applyOne(client, migration);
    }
    return { applied: pending.map(({ name }) => name), alreadyApplied: migrations.length - pending.length };
  });
}

function findPending(migrations: readonly MigrationFile[], ledger: readonly LedgerEntry[]): MigrationFile[] {
  const unfinished = ledger.find((entry) => !entry.isFinished);
  if (unfinished) {
    throw new MigrationError(
      'unfinished',
      unfinished.name,
      `Migration ${unfinished.name} was started by another program and did not finish` +
        `${unfinished.logs ? ` (${unfinished.logs.split('\n')[0]})` : ''}. Look at what it did, then tell Prisma with ` +
        '"prisma migrate resolve".',
    );
  }
  return migrations.filter((migration) => {
    const entry = ledger.find(({ name }) => name === migration.name);
    if (entry && entry.checksum !== migration.checksum) {
      throw new MigrationError(
        'changed',
        migration.name,
        `Migration ${migration.name} was changed after this database had applied it. Restore the file, and put the ` +
          'change into a new migration.',
      );
    }
    return !entry;
  });
}

async function applyOne(client: pg.Client, migration: MigrationFile): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await recordApplied(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the connection itself may be what failed
    throw new MigrationError(
      'failed',
      migration.name,
      `Migration ${migration.name} failed and was rolled back: ${describe(error, migration.sql)}.`,
      { cause: error },
    );
  }
}

/** The database's own words, with the line of the file where it knows one. */
function describe(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError)) return error instanceof Error ? error.message : String(error);
  if (error.position === undefined) return error.message;
  return `${error.message} (line ${sql.slice(0, Number(error.position)).split('\n').length})`;
}
