import type { Command } from 'commander';

/** `attune jobs`: looking at the jobs that could not be done, and trying them again. */
export function addJobsCommand(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('jobs that could not be done, in the database of a running Attune (or DATABASE_URL)');
  jobs
    .command('list')
    .description('list the poison queue, oldest first')
    .option('--json', 'one JSON object a line', false)
    .action(async (flags: { json: boolean }) => {
      const { listJobs } = await import('./jobs.js');
      process.exitCode = await listJobs(flags);
    });
  jobs
    .command('replay')
    .description('put jobs from the poison queue back, to be tried again')
    .argument('[ids...]', 'ids of the jobs, as `attune jobs list` shows them')
    .option('--all', 'all of them', false)
    .action(async (ids: string[], flags: { all: boolean }) => {
      const { replayJobs } = await import('./jobs.js');
      process.exitCode = await replayJobs(ids, flags);
    });
}
