// Lets threads and processes that the sources start run TypeScript, as Vitest lets its own do. It does nothing in the main thread
// of a process that was started with another program.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const sources = new URL('../../libs/', import.meta.url).href;
const cache = new URL('../../node_modules/.cache/typescript-threads/', import.meta.url);
/** @param {string} url */
const isSource = (url) => url.startsWith(sources) && url.endsWith('.ts');

const isMeant = !isMainThread || isSource(pathToFileURL(process.argv[1] ?? '').href);
if (isMeant && import.meta.url.endsWith('typescript-threads.mjs')) register(`${import.meta.url}?hooks`);

/** What the sources import by the name that it will have when it is built. @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (!isSource(context.parentURL ?? '')) return next(specifier, context);
  const library = /^#libs\/([a-z]+)$/.exec(specifier)?.[1];
  if (library !== undefined) return next(new URL(`${library}/src/index.ts`, sources).href, context);
  return next(specifier.startsWith('.') ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!isSource(url)) return next(url, context);
  return { format: 'module', source: await translated(await readFile(new URL(url), 'utf8')), shortCircuit: true };
}

/** Translations are kept by what was translated: to load the compiler takes a second, in each thread and process anew. */
async function translated(/** @type {string} */ source) {
  const place = new URL(createHash('sha256').update(source).digest('hex'), cache);
  const known = await readFile(place, 'utf8').catch(() => null);
  if (known !== null) return known;
  const { default: typescript } = await import('typescript');
  const { ModuleKind, ScriptTarget } = typescript;
  const { outputText } = typescript.transpileModule(source, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2023, verbatimModuleSyntax: true },
  });
  await mkdir(cache, { recursive: true });
  const beside = new URL(`${place.href}.${randomUUID()}`);
  await writeFile(beside, outputText);
  await rename(beside, place);
  return outputText;
}
