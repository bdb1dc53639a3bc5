import { InvalidArgumentError, type Command } from 'commander';
import type { ExportDecisionsFlags } from './export-decisions.js';

/** `attune export`: what was recorded, for work outside of Attune. */
export function addExportCommand(program: Command): void {
  const parent = program.command('export').description('write what was recorded to a file');
  parent
    .command('decisions')
    .description(
      'write the decisions of a course with their rewards, one JSON object a line: see docs/decision-log.md. Learners are ' +
        'pseudonyms',
    )
    .requiredOption('--course <id>', 'the course')
    .requiredOption('--out <file>', 'the file; what is there is replaced once everything is written')
    .option('--since <date>', 'decisions from then on, such as 2026-09-01 or 2026-09-01T08:00:00Z (UTC)', parseDate)
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: ExportDecisionsFlags) => {
      const { exportDecisions } = await import('./export-decisions.js');
      process.exitCode = await exportDecisions(flags);
    });
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('Give a date such as 2026-09-01.');
}
