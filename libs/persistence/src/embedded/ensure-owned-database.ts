import { scramVerifier } from '../migrations/scram-verifier.js';
import { withClient } from '../migrations/with-client.js';

/** The role that owns the database and migrates it; not a superuser, so that nothing works here only. */
export const OWNER_ROLE = 'attune_owner';

/** The database that Attune lives in. */
export const DATABASE = 'attune';

/** Creates the owner and its database in a new cluster; on later starts it finds them there. */
export async function ensureOwnedDatabase(superuserUrl: string, ownerPassword: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const owner = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [OWNER_ROLE]);
    if (owner.rowCount === 0) {
      const password = client.escapeLiteral(scramVerifier(ownerPassword));
      await client.query(`CREATE ROLE ${OWNER_ROLE} LOGIN CREATEROLE CREATEDB PASSWORD ${password}`);
    }
    const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`);
  });
}
