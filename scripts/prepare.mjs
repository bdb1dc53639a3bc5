// Brings a checkout to the state in which it can run: packages, generated database client, build. Each step is skipped
// when its inputs have not changed, so that a second start costs a few milliseconds here.
//
//   node scripts/prepare.mjs     the steps alone (npm run build)
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { colour, explain, hasColour, runStep, StepFailed } from './progress.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(ROOT, ...parts);

/** Prisma would download a native engine that nothing here uses; told that there is one, it does not try. */
const NO_ENGINE_DOWNLOAD = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' };

const GENERATED = at('libs/persistence/src/generated');
const BUILD_INPUTS = ['apps', 'libs', 'bench'];
const BUILD_SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Runs the steps that are due; a check of the sources needs no build. @returns the root folder of the project */
async function prepare({ withBuild = true } = {}) {
  process.chdir(ROOT);
  if (!isInstalled()) await install();
  const schema = hash(['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json']);
  if (stampOf(GENERATED) !== schema) await generate(schema);
  if (withBuild) await build(schema);
  return ROOT;
}

/** The same for a script, which ends when a step fails. */
export async function prepareOrExit(options) {
  try {
    return await prepare(options);
  } catch (error) {
    const sentence = error instanceof StepFailed ? error.message : explain(String(error.code));
    if (sentence === null) throw error;
    console.error(`  ${colour(31, sentence)}\n`);
    process.exit(1);
  }
}

/**
 * Tells whether node_modules is what the lock says. npm writes down what it has installed, as its last act: that list is
 * compared, so that an interrupted installation, a changed lock and a checkout of another branch are all noticed.
 */
function isInstalled() {
  const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined);
  const installed = read(at('node_modules/.package-lock.json'));
  const locked = read(at('package-lock.json'));
  if (!installed || !locked) return false;
  const isSame = (path) => installed[path]?.version === locked[path].version && existsSync(at(path));
  return Object.keys(locked).every(
    (path) => path === '' || isSame(path) || (locked[path].optional && !installed[path]),
  );
}

async function install() {
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const command = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep('Packages', 'npm ci: about a minute, once', command, NO_ENGINE_DOWNLOAD);
}

async function generate(schema) {
  const prisma = at('node_modules/prisma/build/index.js');
  await runStep('Client', 'from prisma/schema.prisma', [process.execPath, prisma, 'generate'], NO_ENGINE_DOWNLOAD);
  writeFileSync(join(GENERATED, '.stamp'), schema);
}

async function build(schema) {
  const files = BUILD_INPUTS.flatMap((folder) => sources(folder)).sort();
  const inputs = JSON.stringify({ files, hash: hash([...files, ...BUILD_SETTINGS]), schema });
  const before = stampOf(at('dist'));
  if (before === inputs) return;
  // What was built from a file that is gone must not linger; without that, the compiler does only what has changed.
  const isFileGone = !before || JSON.parse(before).files.some((file) => !existsSync(at(file)));
  if (isFileGone) rmSync(at('dist'), { recursive: true, force: true });
  else rmSync(at('dist/.stamp'));
  const compiler = at('node_modules/typescript/bin/tsc');
  await runStep('Build', '', [process.execPath, compiler, '-p', 'tsconfig.build.json', '--pretty', String(hasColour)]);
  chmodSync(at('dist/apps/cli/src/main.js'), 0o755); // what `npx attune` runs
  writeFileSync(at('dist/.stamp'), inputs);
}

function stampOf(folder) {
  const file = join(folder, '.stamp');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The files under a folder that are compiled; the generated client follows from the schema. */
function sources(folder) {
  if (!existsSync(at(folder))) return [];
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'generated' || entry.name === 'node_modules' ? [] : sources(path);
    return /(?<!\.test)\.(ts|mjs)$/.test(path) ? [path] : [];
  });
}

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files)
    sum
      .update(file)
      .update('\0')
      .update(readFileSync(at(file)))
      .update('\0');
  return sum.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepareOrExit();
