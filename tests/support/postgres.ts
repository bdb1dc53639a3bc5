import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { urlForRole } from '#libs/persistence';
import { databaseUrl, query } from './postgres-client.js';

/** A database of a test's own, with everything the migrations made and nothing else. */
export interface TestDatabase {
  /** As the role that owns the tables: not subject to row-level security. */
  readonly ownerUrl: string;
  /** As the role that the application runs with. */
  readonly appUrl: string;
  /** Deletes the database, whoever is still connected. */
  readonly drop: () => Promise<void>;
}

/** Clones the migrated template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(inject('postgres').templateName);
}

/** Makes a database with nothing in it, for the tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template1');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // FILE_COPY beats the default WAL_LOG (which copies through the write-ahead log) only for large templates.
  await query(server.superuserUrl, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${server.ownerRole}`);
  const ownerUrl = databaseUrl(server.ownerUrl, name);
  return {
    ownerUrl,
    appUrl: urlForRole(ownerUrl, 'attune_app', server.appPassword),
    drop: async () => {
      await query(server.superuserUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
