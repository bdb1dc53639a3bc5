// npm run test:training: builds the platform, whose verifier checks the packages; makes .attune/training-venv, installs what is
// pinned in training/requirements, and runs pytest, and then the notebook against the running platform. --quick: only what needs no framework, and no build. --summary FILE:
// {passed, failed, skipped: [{name, reason}]} as JSON, for npm test. Without Python or PyPI it says so and ends well, with
// everything skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareOrExit } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, '.attune/training-venv');
const python = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Groups of pinned wheels, in the order in which they are installed; the engines are named by them. */
const ENGINES = ['keras-jax', 'torch-xla', 'keras-tf'];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--summary');
  const quick = process.argv.includes('--quick');
  if (!quick) await prepareOrExit();
  const summary = testTraining({ quick });
  if (!quick && summary.failed === 0) summary[testNotebook() ? 'passed' : 'failed'] += 1;
  if (at > 0) writeFileSync(process.argv[at + 1], JSON.stringify(summary));
  for (const { name, reason } of summary.skipped) console.log(`  skipped  ${name}: ${reason}`);
  console.log(`\n${summary.passed} passed, ${summary.failed} failed, ${summary.skipped.length} skipped`);
  process.exitCode = summary.failed === 0 ? 0 : 1;
}

/**
 * Runs the tests of the training package.
 * @param {{ quick: boolean }} options
 * @returns {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }}
 */
export function testTraining({ quick }) {
  const missing = prepare() ?? install('quick');
  if (missing) return { passed: 0, failed: 0, skipped: [{ name: 'training', reason: missing }] };
  const absent = quick ? [] : ENGINES.flatMap((engine) => toSkipped(engine, install(engine)));
  const report = join(root, '.attune/training-report.xml');
  rmSync(report, { force: true });
  const args = ['-m', 'pytest', '--junit-xml', report, ...(quick ? ['-m', 'quick'] : [])];
  const run = spawnSync(python, args, {
    cwd: join(root, 'training'),
    stdio: 'inherit',
    env: { ...process.env, PYTHONPATH: join(root, 'training') },
  });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: absent };
  const { passed, failed, skipped } = readReport(readFileSync(report, 'utf8'));
  const broken = run.status !== 0 && failed === 0 ? 1 : 0;
  return { passed, failed: failed + broken, skipped: [...absent, ...skipped] };
}

/** Runs the notebook against the platform: training, upload, verification, grading. @returns whether all went well */
function testNotebook() {
  const args = ['vitest', 'run', 'tests/e2e/training-on-cpu.test.ts'];
  const env = { ...process.env, ATTUNE_TRAINING_PYTHON: python };
  return spawnSync('npx', args, { cwd: root, stdio: 'inherit', env, shell: process.platform === 'win32' }).status === 0;
}

/** Makes the environment. @returns why it cannot, or undefined */
function prepare() {
  if (existsSync(python)) return undefined;
  const candidates = [process.env.PYTHON, 'python3.12', 'python3.11', 'python3'].filter(Boolean);
  const usable = candidates.find((name) =>
    succeeds(name, ['-c', 'import sys, venv; assert (3, 11) <= sys.version_info < (3, 13)']),
  );
  if (!usable) return 'there is no Python 3.11 or 3.12 here';
  mkdirSync(join(root, '.attune'), { recursive: true });
  if (!succeeds(usable, ['-m', 'venv', home])) return 'Python cannot make a virtual environment here';
  if (succeeds(python, ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '15', 'uv==0.13.9']))
    return undefined;
  rmSync(home, { recursive: true });
  return 'PyPI cannot be reached';
}

/** Installs a group of pinned wheels, unless it is there. @returns why it cannot, or undefined */
function install(group) {
  const file = join(root, 'training/requirements', `${group}.txt`);
  const mark = join(home, `${group}.installed`);
  const wanted = readFileSync(file, 'utf8');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return undefined;
  console.log(`Installing ${group} …`);
  const { status, stderr } = spawnSync(
    python,
    ['-m', 'uv', 'pip', 'install', '--quiet', '--python', python, '-r', file],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) return `its wheels do not install here: ${stderr.trim().split('\n').slice(0, 3).join(' ')}`;
  writeFileSync(mark, wanted);
  return undefined;
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function toSkipped(name, reason) {
  return reason ? [{ name, reason }] : [];
}

/** Counts what pytest wrote as JUnit XML, which has one <testcase> for each test. */
function readReport(xml) {
  const cases = xml.match(/<testcase\b[^>]*?(?:\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  const failed = cases.filter((text) => /<(failure|error)\b/.test(text)).length;
  const skipped = cases.flatMap((text) => {
    const reason = /<skipped\b[^>]*message="([^"]*)"/.exec(text)?.[1];
    return reason === undefined ? [] : [{ name: / name="([^"]*)"/.exec(text)[1], reason }];
  });
  return { passed: cases.length - failed - skipped.length, failed, skipped };
}
