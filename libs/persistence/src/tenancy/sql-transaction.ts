import type { Writable } from 'node:stream';
import type pg from 'pg';
import { fail, FailureError, isId } from '#libs/kernel';
import type { Actor } from '#libs/identity';

/**
 * A transaction that enters the actor's institution with its first statement and may commit with its last: what the
 * database has to do is the same, but the two outer statements cost no round trips of their own.
 */
export class SqlTransaction {
  private state: 'new' | 'open' | 'committed' = 'new';

  constructor(
    private readonly client: pg.ClientBase,
    private readonly actor: Actor,
  ) {}

  /** Runs a statement; the first one travels together with BEGIN and the entrance. */
  async query<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    if (this.state === 'open') return this.client.query<R>(statement);
    this.state = 'open';
    const [entered, result] = await together(this.client, [
      () => this.client.query(beginAs(this.actor)) as unknown as Promise<EntranceResults>,
      () => this.client.query<R>(statement),
    ]);
    if (!entered[1].rows[0]?.stands) throw credentialEnded();
    return result;
  }

  /** Runs the last statement and commits, in one round trip. A statement that fails leaves nothing to commit. */
  async queryAndCommit<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    if (this.state !== 'open') throw new Error('The first statement of a transaction cannot be its last.');
    const [result] = await together(this.client, [
      () => this.client.query<R>(statement),
      () => this.client.query('COMMIT'),
    ]);
    this.state = 'committed';
    return result;
  }

  /** Commits what is open. */
  async commit(): Promise<void> {
    if (this.state === 'open') await this.client.query('COMMIT');
    this.state = 'committed';
  }
}

/**
 * Sends two statements in one write to the network: each write costs a system call, and wakes the database up. The
 * driver's own stream is corked for it, as the driver does for the parts of one statement.
 */
function together<A, B>(client: pg.ClientBase, [one, other]: [() => Promise<A>, () => Promise<B>]): Promise<[A, B]> {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return Promise.all([one(), other()]);
  } finally {
    stream.uncork();
  }
}

type EntranceResults = [pg.QueryResult, pg.QueryResult<{ stands: boolean }>];

/** The credential behind a token was revoked, or has expired. */
export function credentialEnded(): FailureError {
  return new FailureError(fail('UNAUTHENTICATED', 'This sign-in has ended. Sign in again.'));
}

/** Two statements in one message; they take no parameters, so the ids are checked to be nothing but ids. */
function beginAs({ institutionId, credentialId }: Actor): string {
  if (!isId(institutionId) || (credentialId !== null && !isId(credentialId))) {
    throw new Error('The actor has no valid ids.');
  }
  const credential = credentialId === null ? 'NULL' : `'${credentialId}'`;
  return `BEGIN; SELECT attune_enter('${institutionId}', ${credential}) AS stands`;
}
