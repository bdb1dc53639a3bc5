// npm test: prepares like npm start, runs all suites, and ends with a line "N passed, N failed, N skipped".
// What follows `--` goes to Vitest: npm test -- --project unit
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareOrExit } from './prepare.mjs';
import { colour, duration } from './progress.mjs';
import { testTraining } from './test-training.mjs';

const root = await prepareOrExit();
const folder = mkdtempSync(join(tmpdir(), 'attune-test-'));
const outcomeFile = join(folder, 'outcome.json');
const exitCode = await runVitest(process.argv.slice(2));
const outcome = readOutcome();
if (process.argv.length === 2) outcome.suites.training = runTraining();
rmSync(folder, { recursive: true });
process.exitCode = report(outcome) && exitCode === 0 ? 0 : 1;

/** In this terminal, so that its own report is seen as it goes; it ends in order when it is interrupted. */
function runVitest(args) {
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/test-reporter.mjs')}`];
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args],
      {
        env: { ...process.env, ATTUNE_TEST_OUTCOME: outcomeFile },
        stdio: 'inherit',
      },
    );
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('close', resolve);
  });
}

/** The part of the training package's tests that needs no framework; without Python or PyPI it says why it ran none. */
function runTraining() {
  const started = performance.now();
  const { passed, failed, skipped } = testTraining({ quick: true });
  const told = skipped.map(({ name, reason }) => ({ name, file: 'training/tests', reason }));
  return { passed, failed, skipped: told, milliseconds: performance.now() - started };
}

function readOutcome() {
  try {
    return JSON.parse(readFileSync(outcomeFile, 'utf8'));
  } catch {
    return { suites: {}, unhandled: 1 }; // it did not get as far as to a report
  }
}

/** Prints the outcome. @returns whether something ran and nothing failed */
function report({ suites, unhandled }) {
  const total = { passed: 0, failed: unhandled, skipped: 0 };
  console.log();
  for (const [name, suite] of Object.entries(suites)) {
    total.passed += suite.passed;
    total.failed += suite.failed;
    total.skipped += suite.skipped.length;
    const counts = `${suite.passed} passed, ${suite.failed} failed, ${suite.skipped.length} skipped`;
    const mark = suite.failed > 0 ? colour(31, 'failed') : colour(32, 'ok    ');
    console.log(`  ${mark}  ${name.padEnd(14)}${counts.padEnd(38)}${colour(2, duration(suite.milliseconds))}`);
  }
  const skipped = Object.values(suites).flatMap((suite) => suite.skipped);
  if (skipped.length > 0) console.log('\n  Skipped:');
  for (const { name, file, reason } of skipped) console.log(`    ${name} ${colour(2, `(${file})`)}: ${reason}`);
  if (unhandled > 0) console.log(`\n  ${unhandled} failed outside of any test: see above.`);
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0;
}
