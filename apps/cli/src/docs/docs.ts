import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { projectFolder } from '#libs/platform';
import { findStale, renderReferences, writeReferences, type ApiDescription } from './references.js';

/** Writes or compares the references. @returns the exit code */
export async function docs(program: Command, { check }: { check: boolean }): Promise<number> {
  const folder = projectFolder;
  const references = await renderReferences(await askApi(folder), program, folder);
  const stale = check ? await findStale(references, folder) : await writeReferences(references, folder);
  if (stale.length === 0) {
    console.log('The references say what the code says.');
    return 0;
  }
  console.log(stale.map((path) => `${check ? 'stale' : 'written'}: ${path}`).join('\n'));
  if (check) console.log('Run `npm run docs:generate` and commit what it writes.');
  return check ? 1 : 0;
}

/** The API is an app of its own: it describes itself in a process of its own. */
async function askApi(folder: string): Promise<ApiDescription> {
  const entry = join(folder, 'dist/apps/api/src/describe.js');
  const { stdout } = await promisify(execFile)(process.execPath, [entry], { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout) as ApiDescription;
}
