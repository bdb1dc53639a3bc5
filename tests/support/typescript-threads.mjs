// Lets threads that the sources start run TypeScript, as Vitest lets its own do. It does nothing in the main thread of a process.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread && import.meta.url.endsWith('typescript-threads.mjs')) register(`${import.meta.url}?hooks`);

const sources = new URL('../../libs/', import.meta.url).href;
/** @param {string} url */
const isSource = (url) => url.startsWith(sources) && url.endsWith('.ts');

/** What the sources import by the name that it will have when it is built. @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const isOwn = specifier.startsWith('.') && isSource(context.parentURL ?? '');
  return next(isOwn ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!isSource(url)) return next(url, context);
  const { default: typescript } = await import('typescript');
  const { ModuleKind, ScriptTarget } = typescript;
  const { outputText } = typescript.transpileModule(await readFile(new URL(url), 'utf8'), {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2023, verbatimModuleSyntax: true },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
