import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** Name of the demo school in addresses. */
export const demoSlug = 'demo';

const accountSchema = z.object({ email: z.string(), password: z.string() });
const demoAccountsSchema = z.object({
  /** Tells the database that they belong to: each demo school has an id of its own. */
  institutionId: z.uuid(),
  institution: z.string(),
  student: accountSchema,
  teacher: accountSchema,
  admin: accountSchema,
});

/** The sign-ins of a demo school. Passwords are random and stand nowhere else. */
export type DemoAccounts = z.infer<typeof demoAccountsSchema>;

/** Reads the sign-ins that were kept in a file; null when there are none. */
export async function findDemoAccounts(file: string): Promise<DemoAccounts | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return demoAccountsSchema.parse(JSON.parse(text));
  } catch {
    return null; // somebody edited it: new passwords will be made
  }
}

/** Keeps the sign-ins in a file that only its owner can read; a crash leaves the old file or the new one. */
export async function saveDemoAccounts(file: string, accounts: DemoAccounts): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
