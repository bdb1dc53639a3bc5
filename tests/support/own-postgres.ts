import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installQueues } from '#libs/jobs';
import { applyMigrations, EmbeddedPostgres, ensureApplicationRole, urlForRole } from '#libs/persistence';
import { makeDatabaseFolder } from './postgres-folder.js';
import type { TestDatabase } from './postgres.js';

/** A PostgreSQL server that a test may stop, kill and start again; it keeps what was committed, as in production. */
export interface OwnPostgres {
  readonly database: TestDatabase;
  readonly superuserUrl: string;
  /** Whether the server runs. */
  readonly isUp: boolean;
  /** A clean stop. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  destroy(): Promise<void>;
}

const password = 'application-role-of-the-tests';

/**
 * Starts a server with one migrated database.
 * @param folder where it lives, instead of a temporary folder; it must let PostgreSQL's account through
 */
export async function startOwnPostgres(folder?: string): Promise<OwnPostgres> {
  folder ??= await makeDatabaseFolder();
  const settings = { dataFolder: join(folder, 'data'), logFile: join(folder, 'postgres.log') };
  let isUp = true;
  let whenEnded: () => void = () => undefined;
  const server = await EmbeddedPostgres.open(settings, () => {
    isUp = false;
    whenEnded();
  });
  await server.start();
  const { ownerUrl } = server;
  await ensureApplicationRole({ ownerUrl, role: 'attune_app', password });
  await applyMigrations({ ownerUrl, folder: join(import.meta.dirname, '../../prisma/migrations') });
  await installQueues(ownerUrl);
  return {
    database: { ownerUrl, appUrl: urlForRole(ownerUrl, 'attune_app', password), drop: () => Promise.resolve() },
    superuserUrl: server.superuserUrl,
    get isUp() {
      return isUp;
    },
    stop: async () => {
      await server.stop();
      isUp = false;
    },
    kill: async () => {
      const ended = new Promise<void>((resolve) => (whenEnded = resolve));
      process.kill(server.pid!, 'SIGKILL');
      await ended;
    },
    start: async () => {
      await server.start();
      isUp = true;
    },
    destroy: async () => {
      await server.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
