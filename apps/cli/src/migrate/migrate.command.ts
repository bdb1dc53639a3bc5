import type { Command } from 'commander';
import { EXIT_CODE_HELP } from '../shell/exit-code.js';

/** `attune migrate`: prepares the database and ends; for deployments that start the API and the worker themselves. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date: role, migrations, queue; then end')
    .option('--demo', 'seed the demo school too', false)
    .addHelpText('after', EXIT_CODE_HELP)
    .action(async (flags: { demo: boolean }) => {
      const { migrate } = await import('./migrate.js');
      process.exitCode = await migrate(flags);
    });
}
