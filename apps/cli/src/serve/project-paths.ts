import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of package.json: this file runs from dist/apps/cli/src/serve. */
const ROOT = findRoot(import.meta.dirname);

/** Where the parts of the project are. */
export const PROJECT_PATHS = {
  apiEntry: join(ROOT, 'dist/apps/api/src/main.js'),
  workerEntry: join(ROOT, 'dist/apps/worker/src/main.js'),
  migrations: join(ROOT, 'prisma/migrations'),
  docs: join(ROOT, 'docs'),
} as const;

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
