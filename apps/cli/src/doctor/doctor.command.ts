import type { Command } from 'commander';
import type { DoctorFlags } from './doctor.js';

/** `attune doctor`: what of Attune works on this machine. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'look at what runs here: Node, the runtimes for models with their speed on a small net, whether the servers of ' +
        'INFERENCE_SERVERS answer and how fast, and whether a database answers; says what to do about what is missing',
    )
    .option(
      '--server <urls...>',
      'more servers of the Open Inference Protocol to look at, such as http://triton:8000; they are sent no token',
    )
    .option('--json', 'print the findings as JSON and nothing else', false)
    .addHelpText('after', '\nExit codes:\n  0  models can be run\n  1  they cannot, or a runtime calculates wrongly')
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('./doctor.js');
      process.exitCode = await doctor(flags);
    });
}
