import { Command, Option } from 'commander';
import type { FitFlags } from './fit-mastery.js';
import type { FitMemoryFlags } from './fit-memory.js';
import type { RebuildFlags } from './rebuild-mastery.js';

/** `attune fit`: weights that are fitted to what was recorded. */
export function addFitCommand(program: Command): void {
  const fit = program.command('fit').description('fit models to what was recorded');
  fit
    .command('mastery')
    .description(
      'fit the population weights of the student model to all responses of a course, held back towards those of every ' +
        'course; published as the next snapshot if they predict learners better whom they have not seen',
    )
    .option('--course <id>', 'this course only')
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: FitFlags) => {
      const { fitMastery } = await import('./fit-mastery.js');
      process.exitCode = await fitMastery(flags);
    });
  fit
    .command('memory')
    .description(
      'fit weights of memory to each learner who has reviews enough; kept where they foresee the last fifth of her reviews ' +
        'better than those of the population, to which she goes back otherwise. Classes may go on meanwhile',
    )
    .addOption(new Option('--course <id>', 'the learners of this course').conflicts('all'))
    .option('--all', 'the learners of every course', false)
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: FitMemoryFlags) => {
      const { fitMemory } = await import('./fit-memory.js');
      process.exitCode = await fitMemory(flags);
    });
}

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
