import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const accountSchema = z.object({ email: z.string(), password: z.string() });
const demoAccountsSchema = z.object({
  institution: z.string(),
  student: accountSchema,
  teacher: accountSchema,
  admin: accountSchema,
});

/** The sign-ins of the demo school, as the seed leaves them in the data folder. */
export type DemoAccounts = z.infer<typeof demoAccountsSchema>;

/** Reads the sign-ins; null when the demo school was not seeded from here. */
export async function findDemoAccounts(file: string): Promise<DemoAccounts | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return demoAccountsSchema.parse(JSON.parse(text));
  } catch {
    return null; // somebody edited it: the server does not depend on it
  }
}
