import type { Command } from 'commander';

/** `attune docs`: the references in docs/, written from the code or compared with it. */
export function addDocsCommand(program: Command): void {
  program
    .command('docs')
    .description('write the references in docs/ from the code')
    .option('--check', 'only compare; exit with 1 and name what is stale', false)
    .action(async ({ check }: { check: boolean }) => {
      const { docs } = await import('./docs.js');
      process.exitCode = await docs(program, { check });
    });
}
