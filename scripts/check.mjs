// npm run check: what can be said about the code in under a minute, without a database. Two checks run at a time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareOrExit } from './prepare.mjs';
import { colour, duration, run } from './progress.mjs';

const root = await prepareOrExit({ withBuild: false });
const program = (path, ...args) => [process.execPath, join(root, 'node_modules', path), ...args];
const folders = ['apps', 'libs', 'tests', 'bench', 'prisma'].filter((folder) => existsSync(join(root, folder)));

/** What the compiler remembers of its last look, so that the next one is short. */
const CACHE = 'node_modules/.cache/check.tsbuildinfo';

/** The longest first, so that the two lanes end at about the same time. */
const CHECKS = [
  {
    name: 'types',
    command: program(
      'typescript/bin/tsc',
      '--noEmit',
      '--pretty',
      'false',
      '--incremental',
      '--tsBuildInfoFile',
      CACHE,
    ),
  },
  { name: 'unit tests', command: program('vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=dot') },
  { name: 'format', command: program('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '--cache', '.') },
  {
    name: 'dependencies',
    command: program('dependency-cruiser/bin/dependency-cruise.mjs', '--output-type=err', ...folders),
  },
  { name: 'lint', command: program('oxlint/bin/oxlint', '--format=unix') },
];

const started = performance.now();
const waiting = [...CHECKS];
const results = new Map();
await Promise.all([lane(), lane()]);

for (const { name } of CHECKS) {
  const { code, output } = results.get(name);
  if (code !== 0) console.log(`\n${colour(1, name)}\n${output.trimEnd()}`);
}
console.log();
for (const { name } of CHECKS) {
  const { code, took } = results.get(name);
  console.log(
    `  ${code === 0 ? colour(32, 'ok    ') : colour(31, 'failed')}  ${name.padEnd(14)}${duration(took).padStart(8)}`,
  );
}
const failed = CHECKS.filter(({ name }) => results.get(name).code !== 0).length;
console.log(
  `\n  ${failed === 0 ? 'All is well' : `${failed} of ${CHECKS.length} failed`}, in ${duration(performance.now() - started)}.\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

async function lane() {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const began = performance.now();
    const { code, output } = await run(check.command, { FORCE_COLOR: '0', NO_COLOR: '1' });
    results.set(check.name, { code, output, took: performance.now() - began });
  }
}
