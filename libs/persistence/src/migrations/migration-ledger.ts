import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { MigrationFile } from './migration-files.js';

/** A row of Prisma's own table: one attempt at one migration. */
export interface LedgerEntry {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
  readonly logs: string | null;
}

/** Makes Prisma's table, as its schema engine does, so that `prisma migrate deploy` can go on from here. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id                  VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum            VARCHAR(64) NOT NULL,
      finished_at         TIMESTAMPTZ,
      migration_name      VARCHAR(255) NOT NULL,
      logs                TEXT,
      rolled_back_at      TIMESTAMPTZ,
      started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`);
}

/** Reads the attempts that count: those that somebody has rolled back by hand do not. */
export async function readLedger(client: pg.Client): Promise<LedgerEntry[]> {
  const { rows } = await client.query<LedgerEntry>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished", logs
    FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`);
  return rows;
}

/** Writes down that a migration was applied; called inside its transaction. */
export async function recordApplied(client: pg.Client, migration: MigrationFile): Promise<void> {
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
}
