// Prints the SQL that takes the committed migrations (or an empty database) to prisma/schema.prisma.
//
//   npm run db:diff                    from the state of prisma/migrations
//   npm run db:diff -- --from-empty    from an empty database
//   npm run db:diff -- --database-url  in this empty database, instead of an embedded one
//   npm run db:diff -- --check         prints the difference and exits with 1 when there is one (2: it could not tell)
//
// `prisma migrate diff` would do, but it downloads a native engine; this runs the same engine as WebAssembly against an
// embedded PostgreSQL in a temporary folder, so it works where that download is blocked. Policies, functions, triggers
// and grants are outside Prisma's model: they are neither printed nor seen as a difference, and are written by hand.
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineBindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const PRISMA_FOLDER = dirname(fileURLToPath(import.meta.url));
/** Tables of others in the same database: Prisma's own ledger is ignored by the engine itself. */
const NO_FILTER = { externalTables: [], externalEnums: [] };

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    'from-empty': { type: 'boolean', default: false },
    'database-url': { type: 'string' },
    schema: { type: 'string', default: join(PRISMA_FOLDER, 'schema.prisma') },
    migrations: { type: 'string', default: join(PRISMA_FOLDER, 'migrations') },
  },
});

process.exit(await main()); // the engine's pool of connections would keep the process for ten more seconds

async function main() {
  let sql;
  try {
    sql = await withDatabase(async (databaseUrl) => {
      if (!options['from-empty']) await applyMigrations(databaseUrl, options.migrations);
      return diffToSchema(databaseUrl, options.schema);
    });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (/^(\s|--[^\n]*)*$/.test(sql)) {
    process.stderr.write('prisma/migrations leads to prisma/schema.prisma: no difference.\n');
    return 0;
  }
  process.stdout.write(sql);
  if (!options.check) return 0;
  process.stderr.write('prisma/migrations does not lead to prisma/schema.prisma: the SQL above is missing.\n');
  return 1;
}

/** Runs an action against an empty database: the one given, or one of our own that is gone afterwards. */
async function withDatabase(action) {
  if (options['database-url']) return action(options['database-url']);
  const { EmbeddedPostgres } = await import('../dist/libs/persistence/src/embedded/index.js').catch(() => {
    throw new Error('Build once before this: npm run build');
  });
  const folder = await mkdtemp(join(tmpdir(), 'attune-diff-'));
  await chmod(folder, 0o711); // as root, PostgreSQL runs as another user, who has to pass through
  const logFile = join(folder, 'postgres.log');
  const server = await EmbeddedPostgres.open({ dataFolder: join(folder, 'data'), logFile, durable: false });
  try {
    await server.start();
    return await action(server.ownerUrl);
  } finally {
    await server.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Brings the database to the state of the committed migrations; the role they grant to is a fact of the cluster. */
async function applyMigrations(databaseUrl, folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const role = await client.query(`SELECT FROM pg_roles WHERE rolname = 'attune_app'`);
    if (role.rowCount === 0) await client.query('CREATE ROLE attune_app');
    for (const name of names.sort()) {
      try {
        await client.query(await readFile(join(folder, name, 'migration.sql'), 'utf8'));
      } catch (error) {
        throw new Error(`Migration ${name} failed: ${error.message}`, { cause: error });
      }
    }
  } finally {
    await client.end();
  }
}

/** The SQL from the database as it is to the schema file, by Prisma's own engine. */
async function diffToSchema(databaseUrl, schemaFile) {
  await instantiateEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(
    readingTheCatalogue(new PrismaPg({ connectionString: databaseUrl })),
  );
  const schema = { path: schemaFile, content: await readFile(schemaFile, 'utf8') };
  const engine = await engineBindings.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    adapter,
  );
  const { stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files: [schema], configDir: dirname(schemaFile) },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: null,
    filters: NO_FILTER,
  });
  engine.free();
  return stdout ?? '';
}

/**
 * PostgreSQL's catalogue has columns of the one-byte type "char". The engine asks for them and understands the driver
 * protocol's `Character`; the adapter refuses them (UnsupportedNativeDataType). So they pass it as text, and get their
 * type back behind it.
 */
function readingTheCatalogue(factory) {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const performIO = adapter.performIO.bind(adapter);
    const queryRaw = adapter.queryRaw.bind(adapter);
    const charColumns = new WeakMap();
    adapter.performIO = async (query) => {
      const result = await performIO(query);
      const isChar = result.fields.map((field) => field.dataTypeID === pg.types.builtins.CHAR);
      charColumns.set(query, isChar);
      result.fields.forEach((field, i) => isChar[i] && (field.dataTypeID = pg.types.builtins.TEXT));
      return result;
    };
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      charColumns.get(query).forEach((isChar, i) => isChar && (result.columnTypes[i] = ColumnTypeEnum.Character));
      return result;
    };
    return adapter;
  };
  return factory;
}

/** The package's own entry imports its `.wasm` as a module, which Node cannot do without a flag. */
async function instantiateEngine() {
  const bindings = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const binary = await readFile(bindings.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': engineBindings });
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) };
  engineBindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}
