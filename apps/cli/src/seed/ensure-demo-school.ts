import { join } from 'node:path';
import { findInstitutionBySlug } from '#libs/persistence';
import { type DemoAccounts, demoSlug, findDemoAccounts, saveDemoAccounts } from './demo-accounts.js';

/** The folder of the demo course in this project. */
const demoCourse = join('prisma', 'seed', 'cell-biology');

export interface EnsureDemoSchoolOptions {
  /** PostgreSQL URL of the role that owns the database. */
  readonly ownerUrl: string;
  /** PostgreSQL URL of the application role. */
  readonly appUrl: string;
  readonly secret: string;
  /** Where the project lies; the demo course is read from there. */
  readonly projectFolder: string;
  /** File that the sign-ins are kept in. */
  readonly accountsFile: string;
}

/** The sign-ins of the demo school, and whether their passwords were made just now. */
export interface DemoSchool {
  readonly accounts: DemoAccounts;
  readonly isNew: boolean;
}

/** The demo school of a database, where the file has its sign-ins; those of another database are none. */
export async function findDemoSchool(ownerUrl: string, accountsFile: string): Promise<DemoSchool | null> {
  const accounts = await findDemoAccounts(accountsFile);
  if (accounts === null) return null;
  const isOfThis = (await findInstitutionBySlug(ownerUrl, demoSlug)) === accounts.institutionId;
  return isOfThis ? { accounts, isNew: false } : null;
}

/**
 * Sees to it that there is a demo school that one can sign in to. The file is the last thing to be written: without it,
 * what a start that was interrupted has left out is done now, and the three people get new passwords.
 */
export async function ensureDemoSchool(options: EnsureDemoSchoolOptions): Promise<DemoSchool> {
  const found = await findDemoSchool(options.ownerUrl, options.accountsFile);
  if (found !== null) return found;
  // Seeding takes much of the program, which every later start does without.
  const [{ readCourseFolder, readCourseMedia }, { seedDemoSchool }, { withSeedServices }] = await Promise.all([
    import('../course/read-course-folder.js'),
    import('./demo-school.js'),
    import('./seed-context.js'),
  ]);
  const place = join(options.projectFolder, demoCourse);
  const [folder, pictures] = [await readCourseFolder(place), await readCourseMedia(place)];
  const accounts = await withSeedServices(options, (services) => seedDemoSchool(services, folder, pictures));
  await saveDemoAccounts(options.accountsFile, accounts);
  return { accounts, isNew: true };
}
