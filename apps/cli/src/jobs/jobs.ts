import { isId } from '#libs/kernel';
import { PoisonQueue, type PoisonedJob } from '#libs/jobs';
import { EXIT_CODE } from '../shell/exit-code.js';
import { CommandFailure } from '../shell/command-failure.js';
import type { Terminal } from '../shell/terminal.js';
import { withDatabase } from '../shell/with-database.js';

/** Prints the poison queue; resolves to the exit code. */
export function listJobs({ json }: { json: boolean }): Promise<number> {
  return withPoison(async (poison, terminal) => {
    const jobs = await poison.list();
    if (json) for (const job of jobs) terminal.line(JSON.stringify(job));
    else showJobs(jobs, terminal);
  });
}

/** Puts jobs back into their queues; resolves to the exit code. */
export function replayJobs(ids: readonly string[], { all }: { all: boolean }): Promise<number> {
  return withPoison(async (poison, terminal) => {
    if (all === ids.length > 0) {
      throw new CommandFailure(EXIT_CODE.settings, 'Name the jobs to replay, or say --all.');
    }
    const wrong = ids.find((id) => !isId(id));
    if (wrong !== undefined) throw new CommandFailure(EXIT_CODE.settings, `"${wrong}" is not the id of a job.`);
    const count = await poison.replay(all ? 'all' : ids);
    terminal.line(`${count} ${count === 1 ? 'job' : 'jobs'} put back.`);
  });
}

function showJobs(jobs: readonly PoisonedJob[], terminal: Terminal): void {
  if (jobs.length === 0) return terminal.line('The poison queue is empty.');
  for (const { id, queue, data, attempts, reason, poisonedAt } of jobs) {
    const tries = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    terminal.line(`${poisonedAt.toISOString()}  ${id}  ${queue}  ${terminal.style('red', reason)}, ${tries}`);
    const named = Object.entries(data).map(([name, value]) => `${name} ${value}`);
    terminal.line(terminal.style('dim', `    ${named.join('  ')}`));
  }
}

function withPoison(work: (poison: PoisonQueue, terminal: Terminal) => Promise<void>): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    const poison = new PoisonQueue(ownerUrl, () => undefined);
    try {
      await poison.open();
      await work(poison, terminal);
    } finally {
      await poison.close();
    }
    return EXIT_CODE.stopped;
  });
}
