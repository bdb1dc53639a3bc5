import { writeFile } from 'node:fs/promises';
import {
  comparePolicies,
  drawGraph,
  forgetfulWorld,
  fringeAndBand,
  kssWorld,
  logDecisions,
  type LoggedDecision,
  type PolicyResult,
  type World,
} from '#libs/recommendation';
import { progressBar } from '../../shell/progress-bar.js';
import { learningCurves } from './learning-curves.js';
import type { WorldName } from './offline-flags.js';
import { findPolicies } from './offline-policies.js';
import { policyTable } from './policy-table.js';

export interface OfflineOptions {
  readonly world: WorldName;
  /** Names, separated by commas. */
  readonly policies: string;
  readonly learners: number;
  readonly steps: readonly number[];
  readonly seed: string;
  readonly json: boolean;
  /** Where the learning curves go, as SVG; null for nowhere. */
  readonly plot: string | null;
  /** Where the decisions of the newest policy go, for `attune evaluate policy`; null for nowhere. */
  readonly decisions: string | null;
}

/** What `--offline --json` prints. */
export interface OfflineReport {
  readonly world: WorldName;
  readonly skills: number;
  readonly learners: number;
  readonly seed: string;
  readonly policies: readonly PolicyResult[];
}

/** Compares policies on learners who are simulated here; neither a server nor a database takes part. */
export async function simulateOffline(options: OfflineOptions): Promise<void> {
  const policies = findPolicies(options.policies);
  const world = worldOf(options);
  const bar = progressBar(!options.json);
  const { learners, steps, seed } = options;
  const lessons = policies.length * learners;
  let taught = 0;
  const onLearner = (): void => bar.update(++taught, lessons, `lesson ${taught} of ${lessons}`);
  let results: readonly PolicyResult[];
  try {
    results = comparePolicies({ world, policies, learners, steps, seed, onLearner });
  } finally {
    bar.stop();
  }
  const report: OfflineReport = {
    world: options.world,
    skills: world.skills.length,
    learners,
    seed,
    policies: results,
  };
  console.log(options.json ? JSON.stringify(report, null, 2) : `\n${policyTable(report)}\n`);
  if (options.decisions !== null) {
    const log = logDecisions({ world, policy: fringeAndBand, learners, steps: Math.max(...steps), seed });
    await writeFile(options.decisions, linesOf(log));
  }
  if (options.plot !== null) await writeFile(options.plot, learningCurves(report));
}

function* linesOf(decisions: Iterable<LoggedDecision>): Generator<string> {
  for (const decision of decisions) yield `${JSON.stringify(decision)}\n`;
}

/** The graph of the forgetful world has as many skills as a term's course, drawn from the seed. */
function worldOf({ world, seed }: OfflineOptions): World {
  return world === 'kss' ? kssWorld : forgetfulWorld(drawGraph(20, `${seed}/graph`));
}
