import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { cliPage } from './cli-page.js';
import { configurationPage } from './configuration-page.js';
import { errorCodesPage, type FailureTransport } from './error-codes-page.js';
import { jsonSchemas } from './json-schemas.js';
import { persistedOperationsPage } from './persisted-operations-page.js';
import { readPublished } from './read-published.js';
import { realtimePage } from './realtime-page.js';

/** What the API says about itself. */
export interface ApiDescription {
  readonly schema: string;
  readonly failures: readonly FailureTransport[];
}

const persistedOperations = 'docs/persisted-operations.json';

/** Writes every reference of the project in a folder: path below the folder → text. */
export async function renderReferences(
  api: ApiDescription,
  program: Command,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const published = await readPublished(folder, persistedOperations);
  return new Map([
    ['docs/schema.graphql', api.schema],
    ['docs/realtime.md', realtimePage()],
    ['docs/error-codes.md', errorCodesPage(api.failures)],
    ['docs/configuration.md', configurationPage()],
    ['docs/cli.md', cliPage(program)],
    [persistedOperations, persistedOperationsPage(published)],
    ...jsonSchemas(),
  ]);
}

/** Names the references whose file says something else than the code. */
export async function findStale(references: ReadonlyMap<string, string>, folder: string): Promise<string[]> {
  const stale = await Promise.all(
    Array.from(references, async ([path, text]) => {
      const found = await readFile(join(folder, path), 'utf8').catch(() => null);
      return found === text ? [] : [path];
    }),
  );
  return stale.flat();
}

/** Writes the references that have changed, and names them. */
export async function writeReferences(references: ReadonlyMap<string, string>, folder: string): Promise<string[]> {
  const stale = await findStale(references, folder);
  for (const path of stale) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, references.get(path)!);
  }
  return stale;
}
