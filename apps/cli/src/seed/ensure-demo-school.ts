import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCourseFolder, readCourseMedia } from '../course/read-course-folder.js';
import { seedDemoSchool } from './demo-school.js';
import { withSeedServices } from './seed-context.js';

/** The folder of the demo course in this project. */
const demoCourse = join('prisma', 'seed', 'cell-biology');

export interface EnsureDemoSchoolOptions {
  /** PostgreSQL URL of the application role. */
  readonly appUrl: string;
  readonly secret: string;
  /** Where the project lies; the demo course is read from there. */
  readonly projectFolder: string;
  /** File that the sign-ins are written to, readable by its owner only. */
  readonly accountsFile: string;
}

/** Seeds the demo school where there is none, and keeps its sign-ins in a file. Answers whether it was seeded now. */
export async function ensureDemoSchool(options: EnsureDemoSchoolOptions): Promise<boolean> {
  if (await exists(options.accountsFile)) return false;
  const place = join(options.projectFolder, demoCourse);
  const [folder, pictures] = [await readCourseFolder(place), await readCourseMedia(place)];
  const accounts = await withSeedServices(options, (services) => seedDemoSchool(services, folder, pictures));
  if (accounts === null) return false;
  await writeFile(options.accountsFile, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  return true;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
