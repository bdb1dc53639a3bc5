import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { UnitOfWork, type Actor } from '#libs/identity';
import { Prisma, PrismaClient } from '../generated/client.js';
import { OutsideUnitOfWork } from './outside-unit-of-work.js';
import { credentialEnded, SqlTransaction } from './sql-transaction.js';

/** What repositories speak to: a Prisma client inside a transaction that has entered one institution. */
export type TenantClient = Prisma.TransactionClient;

export interface DatabaseOptions {
  /** Connection string of the application role. */
  readonly url: string;
  /** Connections that this process may hold, all kinds of use together; at least 3. */
  readonly poolSize: number;
  /** How long one unit of work may take, in milliseconds. Default: 15,000. */
  readonly writeLimit?: number;
  /** Told when an idle connection breaks; the pool replaces it. */
  readonly onLostConnection?: (error: Error) => void;
}

const sideConnections = 2;

/**
 * What the server ends by itself, in milliseconds: statements, waits for a lock, and transactions that are left open.
 * They go with the opening of a connection and cost no round trip. The transactions below have shorter limits.
 */
const limits = {
  statement_timeout: 30_000,
  lock_timeout: 15_000,
  idle_in_transaction_session_timeout: 45_000,
} as const;

interface Scope {
  readonly actor: Actor;
  client(): Promise<TenantClient>;
}

/** SQL with the types of its parameters written out: it may run through Prisma as well as through `pg`. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

interface OpenTransaction {
  readonly client: TenantClient;
  readonly commit: () => Promise<void>;
}

/**
 * A scope whose transaction opens with the first statement and ends when its owner says so. Whatever an operation asks
 * for, and however much of it at once, it holds one connection at most.
 */
export class OperationScope implements Scope {
  private transaction: Promise<OpenTransaction> | null = null;
  /** Ends when no statement outside the transaction is under way. */
  private alone: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    readonly actor: Actor,
  ) {}

  /** What was read once in this operation, by a name that says what. */
  readonly known = new Map<string, Promise<unknown>>();

  async client(): Promise<TenantClient> {
    this.transaction ??= this.alone.then(() => this.database.open(this.actor));
    return (await this.transaction).client;
  }

  /** Runs one reading statement: in the transaction where one is open, else by itself, which costs less. */
  rows<R extends pg.QueryResultRow>(statement: Statement): Promise<R[]> {
    if (this.transaction !== null) return rowsIn<R>(this, statement);
    const rows = this.alone.then(() => this.database.rowsAlone<R>(this.actor, statement));
    this.alone = rows.catch(() => undefined);
    return rows;
  }

  /** Ends the transaction, if one was opened. Harmless when called again. */
  async end(): Promise<void> {
    this.known.clear();
    await this.alone;
    const transaction = this.transaction;
    this.transaction = null;
    if (transaction !== null) await (await transaction.catch(() => null))?.commit();
  }
}

/**
 * One pool for everything: Prisma for ordinary access, plain SQL for the hot path. Whoever asks for rows does so
 * inside a scope, which has entered one institution; outside any scope there is no client to ask.
 */
export class Database extends UnitOfWork {
  private readonly pool: pg.Pool;
  private readonly sidePool: pg.Pool;
  private readonly prisma: PrismaClient;
  private readonly scopes = new AsyncLocalStorage<Scope>();
  private readonly writeLimit: number;

  constructor(options: DatabaseOptions) {
    super();
    this.writeLimit = options.writeLimit ?? 15_000;
    this.pool = openPool(options, options.poolSize - sideConnections);
    this.sidePool = openPool(options, sideConnections);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  /** The client of the scope that this code runs in. */
  tenant(): Promise<TenantClient> {
    return this.scopeHere().client();
  }

  /** The institution that this code runs in. */
  get institutionId(): string {
    return this.scopeHere().actor.institutionId;
  }

  /** Runs work in a transaction of its own, or in the one that a surrounding `run` has open. */
  async run<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
    const outer = this.scopeFor(actor);
    if (outer instanceof WriteScope) return work();
    // What the operation has read so far is done with: it must not hold a second connection while it writes.
    if (outer instanceof OperationScope) await outer.end();
    return this.prisma.$transaction(
      async (client) => {
        await enter(client, actor);
        return this.scopes.run(new WriteScope(actor, client), work);
      },
      { maxWait: 5_000, timeout: this.writeLimit },
    );
  }

  /**
   * Runs plain SQL in a transaction that has entered the actor's institution: the hot path. Committed when it
   * returns; undone when it throws. Whoever waits for a second connection while holding one can wait for ever, so the
   * operation around it gives its own back first.
   */
  async sql<T>(actor: Actor, work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    await this.giveBack(actor);
    return this.transact(this.pool, actor, work);
  }

  /** Gives back the connection that the operation around this code holds, for what waits without one. */
  async giveBack(actor: Actor): Promise<void> {
    const outer = this.scopeFor(actor);
    if (outer instanceof WriteScope) throw new Error('Plain SQL has a transaction of its own: run it outside another.');
    if (outer instanceof OperationScope) await outer.end();
  }

  /** Runs one reading statement on the connection that the operation around it holds, or on one of its own. */
  async rows<R extends pg.QueryResultRow>(actor: Actor, statement: Statement): Promise<R[]> {
    const outer = this.scopeFor(actor);
    if (outer instanceof OperationScope) return outer.rows<R>(statement);
    return outer === undefined ? this.rowsAlone<R>(actor, statement) : rowsIn<R>(outer, statement);
  }

  /** The same in the unit of work that this code runs in. */
  rowsHere<R extends pg.QueryResultRow>(statement: Statement): Promise<R[]> {
    return this.rows<R>(this.scopeHere().actor, statement);
  }

  /** Reads something once in the operation around it, until that writes; elsewhere each time. */
  once<T>(actor: Actor, name: string, read: () => Promise<T>): Promise<T> {
    const outer = this.scopeFor(actor);
    if (!(outer instanceof OperationScope)) return read();
    const known = outer.known.get(name) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const reading = read();
    outer.known.set(name, reading);
    return reading;
  }

  /** The same on a connection of its own, for those who know that they hold none. */
  async rowsAlone<R extends pg.QueryResultRow>(actor: Actor, statement: Statement): Promise<R[]> {
    return this.transact(this.pool, actor, async (transaction) => (await transaction.query<R>(statement)).rows);
  }

  /**
   * The same over a few connections of their own, for what is needed while the pool may be taken by those who wait
   * for it: catalogues, health.
   */
  sideSql<T>(actor: Actor, work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    return this.transact(this.sidePool, actor, work);
  }

  private async transact<T>(
    pool: pg.Pool,
    actor: Actor,
    work: (transaction: SqlTransaction) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect();
    const transaction = new SqlTransaction(client, actor);
    let broken: Error | undefined;
    try {
      const value = await work(transaction);
      await transaction.commit();
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Makes a scope for reads that follow one another in one operation. The caller must end it. */
  scope(actor: Actor): OperationScope {
    return new OperationScope(this, actor);
  }

  /** Runs code, and whatever it starts, inside a scope. */
  runIn<T>(scope: OperationScope, code: () => T): T {
    return this.scopes.run(scope, code);
  }

  /** Runs reads in the scope around them, or in one of their own. */
  async read<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
    if (this.scopeFor(actor) !== undefined) return work();
    const scope = this.scope(actor);
    try {
      return await this.runIn(scope, work);
    } finally {
      await scope.end();
    }
  }

  /** Rows that belong to no institution: signing keys and rate limits. */
  get global(): Pick<PrismaClient, 'signingKey' | 'rateLimit' | '$queryRaw' | '$executeRaw'> {
    return this.prisma;
  }

  /** Opens a transaction, for reading, that ends at another place than it was opened in. */
  async open(actor: Actor): Promise<OpenTransaction> {
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let whole!: Promise<void>;
    const client = await new Promise<TenantClient>((resolve, reject) => {
      whole = this.prisma.$transaction(
        async (tx) => {
          await enter(tx, actor);
          resolve(tx);
          await finished;
        },
        { maxWait: 5_000, timeout: 30_000 },
      );
      whole.catch(reject);
    });
    return {
      client,
      commit: () => {
        finish();
        return whole.catch(() => undefined); // it only read
      },
    };
  }

  private scopeHere(): Scope {
    const scope = this.scopes.getStore();
    if (scope === undefined) throw new OutsideUnitOfWork();
    return scope;
  }

  private scopeFor(actor: Actor): Scope | undefined {
    const scope = this.scopes.getStore();
    if (scope === undefined || scope.actor.institutionId === actor.institutionId) return scope;
    // Somebody signs in to another institution than that of the token in her request: that is work of its own.
    if (scope instanceof OperationScope) return undefined;
    throw new Error('A unit of work cannot reach into another institution.');
  }

  /** Connections in use and waiting, for metrics. */
  get connections(): { total: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Asks the database for a sign of life. */
  async ping(): Promise<void> {
    await this.sidePool.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await Promise.all([this.pool, this.sidePool].map((pool) => (pool.ended ? undefined : pool.end())));
  }
}

function openPool({ url, onLostConnection }: DatabaseOptions, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5_000,
    // Statements that do not wait for one another's results share a round trip.
    pipeline: true,
    idleTimeoutMillis: 60_000,
    application_name: 'attune',
    // A process that hangs, or a line that is half cut, must not hold others up for ever.
    ...limits,
    keepAlive: true,
  });
  pool.on('error', (error) => onLostConnection?.(error));
  // A connection that breaks while it is in use tells whoever uses it; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

class WriteScope implements Scope {
  constructor(
    readonly actor: Actor,
    private readonly transaction: TenantClient,
  ) {}

  client(): Promise<TenantClient> {
    return Promise.resolve(this.transaction);
  }
}

async function rowsIn<R>(scope: Scope, { text, values }: Statement): Promise<R[]> {
  return (await scope.client()).$queryRawUnsafe<R[]>(text, ...values);
}

async function enter(client: TenantClient, actor: Actor): Promise<void> {
  const rows = await client.$queryRaw<{ stands: boolean }[]>`
    SELECT attune_enter(${actor.institutionId}::uuid, ${actor.credentialId}::uuid) AS stands`;
  if (!rows[0]?.stands) throw credentialEnded();
}
