import { fail, type Failure } from '#libs/kernel';
import { withEvents, type Actor, type TellingDependencies } from '#libs/identity';
import { trainingChanged } from '../model/events.js';
import { runTimes, tendingOf } from '../policy/run-state.js';
import type { RunPlace, RunRepository } from '../runs.ports.js';

/**
 * Writes down what becomes of runs without anybody doing anything, and tells their teachers: that their code has expired, or
 * that they are silent. Whoever does it locks the run, so that however many do it at once, it is told once.
 */
export class TendRuns {
  constructor(private readonly deps: TellingDependencies & { readonly runs: RunRepository }) {}

  /** The runs of all institutions that are to be looked at. */
  runs(): Promise<RunPlace[]> {
    const now = this.deps.clock.now();
    return this.deps.runs.listToTend(new Date(now - runTimes.stalled), new Date(now));
  }

  /** Looks at one run; whether there was something to tell. */
  async execute(actor: Actor, id: string): Promise<boolean | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Runs are looked after by the system.');
    const { runs, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const run = await runs.lockRun(id);
      const change = run && tendingOf(run, clock.now());
      if (run === null || change === null) return false;
      await runs.updateRun(id, change);
      if (change.state === 'cancelled') await runs.setToken(id, null);
      news.push(trainingChanged({ ...run, ...change }));
      return true;
    });
  }
}
