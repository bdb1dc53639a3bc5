import pg from 'pg';
import { MigrationError } from './migration.error.js';
import { scramVerifier } from './scram-verifier.js';
import { withClient } from './with-client.js';

/** The role to have, and the owner who makes it. */
export interface ApplicationRoleOptions {
  /** PostgreSQL URL of a role that may create roles. */
  readonly ownerUrl: string;
  /** The migrations grant to `attune_app`. */
  readonly role: string;
  /** Printable ASCII. */
  readonly password: string;
}

interface RoleRow {
  readonly rolcanlogin: boolean;
  readonly rolsuper: boolean;
  readonly rolbypassrls: boolean;
}

/** Roles belong to the whole server, so two programs that start at once may meet; the one that loses looks again. */
const MET_ANOTHER = new Set(['23505', '42710', 'XX000']); // unique_violation, duplicate_object, "tuple concurrently updated"
const ATTEMPTS = 5;

/**
 * Makes sure that the role exists, can sign in with this password, and is subject to row-level security. What is right
 * already is left alone: an owner who is not a superuser may not even repeat NOSUPERUSER, and a password that works is
 * not set again.
 * @throws MigrationError where the role has another password that somebody else needs
 */
export async function ensureApplicationRole(options: ApplicationRoleOptions): Promise<void> {
  await withClient(options.ownerUrl, async (client) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ensureOnce(client, options);
      } catch (error) {
        const isMeeting = error instanceof pg.DatabaseError && MET_ANOTHER.has(error.code ?? '');
        if (!isMeeting || attempt === ATTEMPTS) throw error;
      }
    }
  });
}

async function ensureOnce(client: pg.Client, { ownerUrl, role, password }: ApplicationRoleOptions): Promise<void> {
  const name = client.escapeIdentifier(role);
  const { rows } = await client.query<RoleRow>(
    'SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = $1',
    [role],
  );
  const found = rows[0];
  if (!found) {
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(scramVerifier(password))}`);
    return;
  }
  const wrong = [
    ...(found.rolcanlogin ? [] : ['LOGIN']),
    ...(found.rolsuper ? ['NOSUPERUSER'] : []),
    ...(found.rolbypassrls ? ['NOBYPASSRLS'] : []),
  ];
  if (wrong.length > 0) await client.query(`ALTER ROLE ${name} ${wrong.join(' ')}`);
  if (!(await canSignIn(ownerUrl, role, password))) {
    await demandOwnUse(client, role);
    await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(scramVerifier(password))}`);
  }
}

/** A role is one for the whole server: with a new password, what runs on another database of it would be shut out. */
async function demandOwnUse(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT DISTINCT d.datname FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid JOIN pg_database d ON d.oid = s.dbid
     WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = $1 AND d.datname <> current_database() ORDER BY 1`,
    [role],
  );
  const other = rows[0]?.datname;
  if (other === undefined) return;
  throw new MigrationError(
    'role-in-use',
    role,
    `The role ${role} of this PostgreSQL server is used in the database "${other}" too, with another password. Give both ` +
      'installations the same ATTUNE_SECRET, or set DATABASE_APP_URL with the password that the role has.',
  );
}

/** The owner's URL with another role in it. */
export function urlForRole(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}

async function canSignIn(ownerUrl: string, role: string, password: string): Promise<boolean> {
  try {
    await withClient(urlForRole(ownerUrl, role, password), async () => undefined);
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('28')) return false; // invalid authorisation
    throw error;
  }
}
