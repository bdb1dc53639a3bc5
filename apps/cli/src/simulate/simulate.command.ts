import { join } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { findDemoAccounts } from '../seed/demo-accounts.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import type { Credentials } from './accounts.js';
import { allPolicies, worldNames, type WorldName } from './offline/offline-flags.js';

interface Flags {
  readonly url: string;
  readonly learners?: number;
  readonly responses?: number;
  readonly minutes?: number;
  readonly thinkMs: number;
  readonly traces?: string;
  readonly drawings: number;
  readonly course?: string;
  readonly institution?: string;
  readonly adminEmail?: string;
  readonly adminPassword?: string;
  readonly seed: string;
  readonly json: boolean;
  readonly offline: boolean;
  readonly world: WorldName;
  readonly policies: string;
  readonly steps: readonly number[];
  readonly plot?: string;
  readonly decisions?: string;
}

/** `attune simulate`: a class of made-up or replayed learners against a running server. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description(
      'play a class of learners against a running server, through its public API; or compare policies without one',
    )
    .option(
      '--learners <count>',
      'number of learners, each with a socket of her own; 200, or 1,000 offline',
      wholeNumber(1, 100_000),
    )
    .option(
      '--responses <count>',
      'responses of each learner; 30 where no minutes are given',
      wholeNumber(1, 1_000_000),
    )
    .option('--minutes <minutes>', 'length of the lesson', number(0.01, 1_440))
    .option(
      '--think-ms <milliseconds>',
      'mean time between a learner’s responses; 0 for none',
      wholeNumber(0, 3_600_000),
      1_000,
    )
    .option(
      '--traces <file>',
      'replay real learners: blocks of 4 lines (the learner; items; skills; 0 or 1), or of 3 without the skills',
    )
    .option('--drawings <share>', 'share of the learners who hand in a drawing, 0 to 1', number(0, 1), 0.1)
    .option('--url <url>', 'where Attune is', 'http://127.0.0.1:3000')
    .option('--course <id>', 'id or external id of the course; else the first')
    .option('--institution <name>', 'short name of the institution; else the demo school')
    .option('--admin-email <email>', 'an administrator, who makes the accounts; else of the demo school')
    .option('--admin-password <password>', 'her password; or ATTUNE_ADMIN_PASSWORD in the environment')
    .option('--seed <text>', 'the same seed makes the same learners', 'class')
    .option('--json', 'print the report as JSON and nothing else', false)
    .option('--offline', 'compare policies on learners who are simulated here, without a server', false)
    .addOption(new Option('--world <world>', 'offline: which learners').choices(worldNames).default('kss'))
    .option('--policies <names>', 'offline: policies, separated by commas; attune@1 for a version', allPolicies)
    .option('--steps <counts>', 'offline: after how many exercises to compare', wholeNumbers, [20, 40])
    .option('--plot <file>', 'offline: write learning curves, as SVG')
    .option('--decisions <file>', 'offline: write the decisions of attune, for attune evaluate policy')
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: Flags): Promise<number> {
  if (flags.offline) return runOffline(flags);
  const { simulate } = await import('./simulate.js');
  const { formatReport } = await import('./report.js');
  const { SimulateFailure } = await import('./simulate-failure.js');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  try {
    const report = await simulate({
      url: flags.url.replace(/\/$/, ''),
      admin: await findAdmin(flags),
      course: flags.course ?? null,
      learners: flags.learners ?? 200,
      responses: flags.responses ?? (flags.minutes === undefined ? 30 : Number.MAX_SAFE_INTEGER),
      minutes: flags.minutes ?? null,
      thinkMs: flags.thinkMs,
      traces: flags.traces ?? null,
      drawings: flags.drawings,
      seed: flags.seed,
      progress: flags.json ? null : process.stderr,
      signal: stop.signal,
    });
    console.log(flags.json ? JSON.stringify(report, null, 2) : `\n${formatReport(report)}\n`);
    return report.errors === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SimulateFailure)) throw error;
    console.error(`  ${error.message}`);
    return 1;
  }
}

async function runOffline(flags: Flags): Promise<number> {
  const { simulateOffline } = await import('./offline/simulate-offline.js');
  const { SimulateFailure } = await import('./simulate-failure.js');
  try {
    const { world, policies, learners = 1_000, steps, seed, json, plot = null, decisions = null } = flags;
    await simulateOffline({ world, policies, learners, steps, seed, json, plot, decisions });
    return 0;
  } catch (error) {
    if (!(error instanceof SimulateFailure)) throw error;
    console.error(`  ${error.message}`);
    return EXIT_CODE.settings;
  }
}

/** The administrator of the flags, or of the demo school in the data folder. */
async function findAdmin({ institution, adminEmail, adminPassword }: Flags): Promise<Credentials> {
  const { SimulateFailure } = await import('./simulate-failure.js');
  const password = adminPassword ?? process.env['ATTUNE_ADMIN_PASSWORD'];
  if (adminEmail !== undefined && password !== undefined) {
    return { institution: institution ?? 'demo', email: adminEmail, password };
  }
  const file = join(process.env['ATTUNE_DATA_DIR'] ?? './.attune', 'demo-accounts.json');
  const accounts = await findDemoAccounts(file);
  if (accounts === null) {
    throw new SimulateFailure(
      `There are no demo sign-ins in ${file}. Give --institution, --admin-email and --admin-password.`,
    );
  }
  return { institution: accounts.institution, ...accounts.admin };
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
    }
    return value;
  };
}

function wholeNumber(least: number, most: number): (text: string) => number {
  const parse = number(least, most);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('Give a whole number.');
    return value;
  };
}

function wholeNumbers(text: string): number[] {
  return text.split(',').map(wholeNumber(1, 10_000));
}
