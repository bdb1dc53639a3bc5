import { join } from 'node:path';
import { projectFolder } from '#libs/platform';

/** Where the parts of the project are. */
export const PROJECT_PATHS = {
  apiEntry: join(projectFolder, 'dist/apps/api/src/main.js'),
  workerEntry: join(projectFolder, 'dist/apps/worker/src/main.js'),
  migrations: join(projectFolder, 'prisma/migrations'),
} as const;
