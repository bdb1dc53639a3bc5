import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installQueues } from '#libs/jobs';
import { applyMigrations, EmbeddedPostgres, ensureApplicationRole } from '#libs/persistence';
import { databaseUrl, query } from './postgres-client.js';
import { makeDatabaseFolder } from './postgres-folder.js';

/** What test files need to know to clone a database of their own. */
export interface TestServer {
  readonly superuserUrl: string;
  readonly ownerRole: string;
  readonly ownerUrl: string;
  readonly templateName: string;
  readonly appPassword: string;
  /** What the server itself writes. */
  readonly logFile: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestServer;
  }
}

const TEMPLATE = 'attune_template';
const APP_PASSWORD = 'application-role-of-the-tests';

interface Shared {
  users: number;
  start: Promise<{ server: TestServer; stop: () => Promise<void> }>;
}

/** Vitest sets each project up in a module graph of its own; the server is one for the whole process. */
const shared = globalThis as typeof globalThis & { attuneTestPostgres?: Shared };

/** Starts the server for the first suite that needs it, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.attuneTestPostgres ??= { users: 0, start: start() };
  const mine = shared.attuneTestPostgres;
  mine.users++;
  const { server, stop } = await mine.start;
  project.provide('postgres', server);
  return async () => {
    if (--mine.users === 0) await stop();
  };
}

async function start(): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  const folder = await makeDatabaseFolder();
  const dataFolder = join(folder, 'data');
  const logFile = join(folder, 'postgres.log');
  const postgres = await EmbeddedPostgres.open({ dataFolder, logFile, durable: false });
  await postgres.start();

  const { superuserUrl, ownerUrl } = postgres;
  const ownerRole = new URL(ownerUrl).username;
  await query(superuserUrl, `CREATE DATABASE ${TEMPLATE} OWNER ${ownerRole}`);
  const templateUrl = databaseUrl(ownerUrl, TEMPLATE);
  await ensureApplicationRole({ ownerUrl: templateUrl, role: 'attune_app', password: APP_PASSWORD });
  await applyMigrations({ ownerUrl: templateUrl, folder: join(import.meta.dirname, '../../prisma/migrations') });
  await installQueues(templateUrl);

  return {
    server: { superuserUrl, ownerRole, ownerUrl, templateName: TEMPLATE, appPassword: APP_PASSWORD, logFile },
    stop: async () => {
      await postgres.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
