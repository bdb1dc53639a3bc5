import { resolve } from 'node:path';
import { z } from 'zod';
import { configSchema } from '#libs/platform';
import { EXIT_CODE } from '../shell/exit-code.js';
import { CommandFailure } from '../shell/command-failure.js';

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgresql://user:password@host:5432/database',
});

const PORT_RULE = 'must be a whole number from 1 to 65535';

const settingsSchema = z.object({
  /** Address to listen on. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** TCP port of the API. */
  PORT: z.coerce.number(PORT_RULE).int(PORT_RULE).min(1, PORT_RULE).max(65535, PORT_RULE).default(3000),
  /** Folder for the embedded database, the logs, the secret and uploaded files; relative to the current folder. */
  ATTUNE_DATA_DIR: z.string().min(1).default('./.attune'),
  /** A PostgreSQL of your own, as the role that owns the database; without it the embedded one is started. */
  DATABASE_URL: postgresUrl.optional(),
  /** The same database as the role attune_app; derived from DATABASE_URL when it is not set. */
  DATABASE_APP_URL: postgresUrl.optional(),
  /** Master secret, at least 32 characters; made (32 random bytes) once and kept in the data folder when it is not set. */
  ATTUNE_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  SHUTDOWN_DELAY_SECONDS: configSchema.shape.SHUTDOWN_DELAY_SECONDS,
});

/** What the supervisor itself needs to know; everything else in the environment goes to the API and the worker. */
export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly databaseAppUrl: string | undefined;
  readonly secret: string | undefined;
  /** How long the API still serves after it was told to stop, in milliseconds. */
  readonly shutdownDelay: number;
  /** Whether the demo school is wanted: always in the embedded database, elsewhere only when asked for. */
  readonly demo: boolean;
}

/** Reads the settings from the environment; an empty variable counts as not set. */
export function parseServeSettings(env: NodeJS.ProcessEnv, flags: { demo: boolean }): ServeSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = settingsSchema.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new CommandFailure(EXIT_CODE.settings, `Some settings do not make sense. ${faults.join('. ')}.`);
  }
  const settings = result.data;
  if (settings.DATABASE_APP_URL && !settings.DATABASE_URL) {
    throw new CommandFailure(EXIT_CODE.settings, 'DATABASE_APP_URL is set without DATABASE_URL. Set both, or neither.');
  }
  return {
    host: settings.HOST,
    port: settings.PORT,
    dataFolder: resolve(settings.ATTUNE_DATA_DIR),
    databaseUrl: settings.DATABASE_URL,
    databaseAppUrl: settings.DATABASE_APP_URL,
    secret: settings.ATTUNE_SECRET,
    shutdownDelay: settings.SHUTDOWN_DELAY_SECONDS * 1000,
    demo: flags.demo || settings.DATABASE_URL === undefined,
  };
}
