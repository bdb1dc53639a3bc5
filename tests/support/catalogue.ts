import { query } from './postgres-client.js';

/** A table as PostgreSQL's catalogue describes it. */
export interface CatalogueTable {
  /** Quoted and with its schema. */
  readonly name: string;
  readonly plainName: string;
  readonly schema: string;
  readonly owner: string;
  /** Which column says to which institution a row belongs; null where none does. */
  readonly tenantColumn: 'institution_id' | 'id' | null;
  readonly rowSecurity: boolean;
  readonly policies: readonly {
    readonly using: string | null;
    readonly check: string | null;
    readonly command: string;
  }[];
  readonly columns: readonly CatalogueColumn[];
}

export interface CatalogueColumn {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** A word that may stand in it, where a check lists them. */
  readonly word: string | null;
}

/** All tables outside PostgreSQL's own schemas, with the partitions of partitioned ones. */
export async function readTables(url: string): Promise<CatalogueTable[]> {
  const rows = await query<{
    schema: string;
    plain: string;
    owner: string;
    security: boolean;
    columns: CatalogueColumn[];
    policies: CatalogueTable['policies'] | null;
  }>(
    url,
    `SELECT n.nspname AS schema, c.relname AS plain, pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS security,
            (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL),
                      'required', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '',
                      'word', (SELECT substring(pg_get_constraintdef(k.oid) FROM '''([^'']+)''::text') FROM pg_constraint k
                               WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum])) ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
            (SELECT json_agg(json_build_object('using', pg_get_expr(p.polqual, p.polrelid),
                      'check', pg_get_expr(p.polwithcheck, p.polrelid), 'command', p.polcmd))
             FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
     ORDER BY 1, 2`,
  );
  return rows.map(({ schema, plain, owner, security, columns, policies }) => ({
    name: `"${schema}"."${plain}"`,
    plainName: schema === 'public' ? plain : `${schema}.${plain}`,
    schema,
    owner,
    tenantColumn:
      plain === 'institutions' ? 'id' : columns.some(({ name }) => name === 'institution_id') ? 'institution_id' : null,
    rowSecurity: security,
    policies: policies ?? [],
    columns,
  }));
}

/** Columns that may be null, but not all of them together: the ones that a made-up row has. */
const neededTogether: Readonly<Record<string, readonly string[]>> = {
  labelled_images: ['label'],
  interventions: ['minutes'],
  responses: ['session_id'],
  files: ['width', 'height'],
};

/** SQL that inserts a row of a table which belongs to an institution; what it must have is made up. */
export function insertOf(table: CatalogueTable, institutionId: string): string {
  const columns = table.columns.filter(
    ({ name, required }) => required || name === table.tenantColumn || neededTogether[table.plainName]?.includes(name),
  );
  const values = columns.map((column) =>
    column.name === table.tenantColumn ? `'${institutionId}'` : someValue(column),
  );
  const names = columns.map(({ name }) => `"${name}"`);
  return `INSERT INTO ${table.name} (${names.join(', ')}) VALUES (${values.join(', ')})`;
}

function someValue({ type, word }: CatalogueColumn): string {
  if (word !== null && type.startsWith('text')) return type.endsWith('[]') ? `ARRAY['${word}']` : `'${word}'`;
  if (type.endsWith('[]')) return `'{}'::${type}`;
  switch (type) {
    case 'uuid':
      return 'gen_random_uuid()';
    case 'text':
    case 'character varying':
      return 'md5(random()::text)';
    case 'integer':
    case 'smallint':
    case 'bigint':
      return '1';
    case 'double precision':
    case 'real':
    case 'numeric':
      return '0.5';
    case 'boolean':
      return 'false';
    case 'json':
    case 'jsonb':
      return `'{}'::${type}`;
    case 'bytea':
      return "'\\x00'::bytea";
    case 'date':
    case 'timestamp with time zone':
      return 'now()';
    default:
      throw new Error(`Say in tests/support/catalogue.ts what a value of the type ${type} looks like.`);
  }
}
