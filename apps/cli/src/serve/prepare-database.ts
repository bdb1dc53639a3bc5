import { createHmac } from 'node:crypto';
import { dirname } from 'node:path';
import { installQueues } from '#libs/jobs';
import { applyMigrations, ensureApplicationRole, urlForRole } from '#libs/persistence';
import { type DemoSchool, ensureDemoSchool, findDemoSchool } from '../seed/ensure-demo-school.js';

/** The role that the API and the worker run with; the migrations grant to it by this name. */
const APPLICATION_ROLE = 'attune_app';

/** What there is to prepare. */
export interface PrepareDatabaseOptions {
  /** PostgreSQL URL of the role that owns the database. */
  readonly ownerUrl: string;
  /** The same database as the application role, when the operator has chosen its password. */
  readonly appUrl: string | undefined;
  /** Master secret; the application role's password is derived from it when the operator has chosen none. */
  readonly secret: string;
  /** Absolute path of prisma/migrations. */
  readonly migrationsFolder: string;
  /** File that the demo school's accounts are written to. */
  readonly demoAccountsFile: string;
  /** Whether to seed the demo school when it is not there yet. */
  readonly demo: boolean;
  /** Told what is being done, in a few words. */
  readonly onStep: (detail: string) => void;
}

/** A database that the API and the worker can be started on. */
export interface PreparedDatabase {
  /** PostgreSQL URL of the application role. */
  readonly appUrl: string;
  /** The demo school in this database, with sign-ins that are kept on this machine. */
  readonly demoSchool: DemoSchool | null;
  /** One line about what was done, for the screen. */
  readonly summary: string;
}

/** Brings a database to the state that the API and the worker expect; may be run again at any time. */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<PreparedDatabase> {
  const { ownerUrl, migrationsFolder, onStep } = options;
  onStep('application role');
  const password = options.appUrl === undefined ? derivePassword(options.secret) : passwordIn(options.appUrl);
  await ensureApplicationRole({ ownerUrl, role: APPLICATION_ROLE, password });

  onStep('migrations');
  const { applied, alreadyApplied } = await applyMigrations({
    ownerUrl,
    folder: migrationsFolder,
    onStep: (name, position, total) => onStep(`migration ${position} of ${total}: ${name}`),
  });

  onStep('job queues');
  await installQueues(ownerUrl);

  const appUrl = options.appUrl ?? urlForRole(ownerUrl, APPLICATION_ROLE, password);
  onStep('demo school');
  const accountsFile = options.demoAccountsFile;
  const projectFolder = dirname(dirname(options.migrationsFolder));
  const demoSchool = options.demo
    ? await ensureDemoSchool({ ownerUrl, appUrl, secret: options.secret, projectFolder, accountsFile })
    : await findDemoSchool(ownerUrl, accountsFile);

  return {
    appUrl,
    demoSchool,
    summary: applied.length === 0 ? `up to date, ${alreadyApplied} migrations` : `${applied.length} migrations applied`,
  };
}

/** Servers that share the secret share the password, without anything else to hand around. */
function derivePassword(secret: string): string {
  return createHmac('sha256', secret).update('password of the role attune_app').digest('base64url');
}

function passwordIn(url: string): string {
  return decodeURIComponent(new URL(url).password);
}
