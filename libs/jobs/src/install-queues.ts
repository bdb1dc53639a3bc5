import pg from 'pg';
import { makeBoss } from './pg-boss.js';
import { jobSchema, poisonQueue, poisonSettings, queueSettings } from './queues.js';

/** Held while queues are installed, so that servers that start together take turns. */
const installLock = 72_707_370;

/**
 * Makes the tables and queues of the jobs, or brings them up to date, and lets the application role use them: it needs
 * no right to change tables. May be run again at any time, by several programs at once.
 * @param ownerUrl PostgreSQL URL of the role that owns the database
 * @param role the application role; it has to exist
 */
export async function installQueues(ownerUrl: string, role = 'attune_app'): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [installLock]); // given back when the connection ends
    await createQueues(ownerUrl);
    await client.query(grantsTo(client.escapeIdentifier(role)));
  } finally {
    await client.end();
  }
}

async function createQueues(ownerUrl: string): Promise<void> {
  const troubles: string[] = [];
  const boss = makeBoss(ownerUrl, ({ code, message }) => troubles.push(`${message} (${code})`), {
    migrate: true,
    createSchema: true,
    max: 1,
  });
  try {
    await boss.start();
    const wanted = { [poisonQueue]: poisonSettings, ...queueSettings };
    const present = new Set((await boss.getQueues()).map(({ name }) => name));
    for (const [name, settings] of Object.entries(wanted)) {
      if (present.has(name)) await boss.updateQueue(name, settings);
      else await boss.createQueue(name, settings);
    }
  } finally {
    await boss.stop({ graceful: true, timeout: 10_000 });
  }
  if (troubles.length > 0) throw new Error(`The job queues could not be installed: ${troubles.join('; ')}`);
}

function grantsTo(role: string): string {
  return `
    GRANT USAGE ON SCHEMA ${jobSchema} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${jobSchema} TO ${role};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${jobSchema} TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${jobSchema} TO ${role};`;
}
