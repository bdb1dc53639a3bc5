import { Command, Option } from 'commander';
import type { RebuildFlags } from './rebuild-mastery.js';

/** `attune rebuild`: what can be made anew from what was recorded. */
export function addRebuildCommand(program: Command): void {
  const rebuild = program.command('rebuild').description('make anew what follows from what was recorded');
  rebuild
    .command('mastery')
    .description(
      'replay responses: states of an older student model become states of the present one. Classes may go on meanwhile, and ' +
        'an interrupted run is resumed by running it again',
    )
    .option('--course <id>', 'this course only')
    .addOption(new Option('--all', 'every state, not only those of an older model').conflicts('check').default(false))
    .option('--check', 'change nothing, and tell which states are other than their replay', false)
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: RebuildFlags) => {
      const { rebuildMastery } = await import('./rebuild-mastery.js');
      process.exitCode = await rebuildMastery(flags);
    });
}
