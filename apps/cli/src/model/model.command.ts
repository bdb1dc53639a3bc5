import type { Command } from 'commander';
import type { ImportModelFlags } from './import-model.js';

/** `attune model`: trained models as files. */
export function addModelCommand(program: Command): void {
  const parent = program.command('model').description('look into model packages, and bring them into a course');
  parent
    .command('verify')
    .description(
      'open a package in a process of its own and say whether a server would take it: paths, hashes, what the model is ' +
        'made of, golden cases, latency. Needs no database',
    )
    .argument('<file>', 'the zip that the training package wrote')
    .option('--json', 'print what was found as JSON and nothing else', false)
    .addHelpText('after', exitCodes)
    .action(async (file: string, { json }: { json: boolean }) => {
      const { verifyModel } = await import('./verify-model.js');
      process.exitCode = await verifyModel(file, { json });
    });
  parent
    .command('import')
    .description('verify a package and bring it into a course, where its teachers decide what becomes of it')
    .argument('<file>', 'the zip that the training package wrote')
    .requiredOption('--course <id>', 'the course')
    .option('--json', 'print what became of it as JSON and nothing else', false)
    .addHelpText('after', exitCodes)
    .action(async (file: string, flags: ImportModelFlags) => {
      const { importModel } = await import('./import-model.js');
      process.exitCode = await importModel(file, flags);
    });
}

const exitCodes =
  '\nExit codes:\n  0  the package is what it says it is\n  1  it is refused\n  2  there is no such file or course';
