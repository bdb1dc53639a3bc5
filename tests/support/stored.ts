import { query } from './postgres-client.js';

/** What changes although nobody was let do anything: counts of tries. */
const passing = new Set(['public.rate_limits']);

/** The content of every table, jobs included, as rows and digest: two that are equal mean that nothing was stored. */
export async function storedIn(ownerUrl: string): Promise<Record<string, string>> {
  const tables = await query<{ name: string }>(
    ownerUrl,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
       AND (table_schema <> 'pgboss' OR table_name = 'job')`,
  );
  const digests = tables
    .filter(({ name }) => !passing.has(name))
    .map(
      ({ name }) =>
        `SELECT '${name}' AS name, count(*) || ' rows, ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS content
         FROM ${name} t`,
    );
  const rows = await query<{ name: string; content: string }>(ownerUrl, digests.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, content }) => [name, content]));
}
