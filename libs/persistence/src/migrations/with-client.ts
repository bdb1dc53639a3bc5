import pg from 'pg';

/** Runs an action on a connection of its own, which is closed afterwards. */
export async function withClient<T>(connectionString: string, action: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // a lost connection also rejects the query under way, which is where it counts
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}
