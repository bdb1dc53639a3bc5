import type { Command } from 'commander';
import { EXIT_CODE_HELP } from '../shell/exit-code.js';

const ENVIRONMENT_HELP = `
Environment:
  HOST              address to listen on (127.0.0.1)
  PORT              port of the API (3000)
  ATTUNE_DATA_DIR   database, logs, secret, files (./.attune)
  DATABASE_URL      a PostgreSQL of your own, as the owner of the database (an embedded one is started)
  DATABASE_APP_URL  the same database as the role attune_app (derived from DATABASE_URL)
  ATTUNE_SECRET     at least 32 characters (made once and kept in the data folder)
  NO_COLOR          no colours`;

/** `attune serve`: everything on one machine, until Ctrl-C. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run Attune: PostgreSQL, the API and the worker')
    .option('--demo', 'seed the demo school into DATABASE_URL too', false)
    .addHelpText('after', ENVIRONMENT_HELP + '\n' + EXIT_CODE_HELP)
    .action(async (flags: { demo: boolean }) => {
      const { serve } = await import('./serve.js');
      // What an interrupted start has under way must not keep a program that has stopped.
      process.exit(await serve(flags));
    });
}
