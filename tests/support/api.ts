import 'reflect-metadata';
import type { DestinationStream } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { Answer, Namespace, RequestInput, RequestName } from '#libs/contracts';
import { isFailure, makeId, type Failure } from '#libs/kernel';
import { makeLogger, parseConfig } from '#libs/platform';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi, type RunningApi } from '../../apps/api/src/create-api.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

/** An API on a free port with a database of its own. */
export interface TestApi extends RunningApi {
  readonly database: TestDatabase;
  /** Closes the API and leaves the database, for another API to start with. */
  stop(): Promise<void>;
}

/**
 * @param existing the database of an earlier API, instead of a new one
 * @param log where the log goes, instead of standard output
 */
export async function startTestApi(
  settings: Record<string, string> = {},
  existing?: TestDatabase,
  log?: DestinationStream,
): Promise<TestApi> {
  const database = existing ?? (await createTestDatabase());
  const files = await mkdtemp(join(tmpdir(), 'attune-files-'));
  const removeFiles = (): Promise<void> => rm(files, { recursive: true, force: true });
  try {
    const config = parseConfig({
      PORT: '0',
      ATTUNE_DATA_DIR: files,
      DATABASE_APP_URL: database.appUrl,
      ATTUNE_SECRET: 'a secret of the tests, long enough for all',
      // Tests send what nobody types; the test of the limit sets one.
      GRAPHQL_OPERATIONS_PER_SECOND: '100000',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      ...settings,
    });
    const api = await startApi(config, makeLogger(config.LOG_LEVEL, 'api', log));
    const stop = async (): Promise<void> => {
      await api.close();
      await removeFiles();
    };
    return { ...api, database, stop, close: () => stop().then(database.drop) };
  } catch (error) {
    await removeFiles();
    if (existing === undefined) await database.drop();
    throw error;
  }
}

/** What came back from GraphQL. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Record<string, any> | null; // eslint-disable-line -- tests look into answers of any shape
  readonly errors?: { message: string; extensions: { code: string } }[];
}

/** Sends one GraphQL operation as a client would. */
export async function graphql(
  url: string,
  query: string,
  { token, variables }: { token?: string; variables?: Record<string, unknown> } = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<GraphqlAnswer, 'status'>) };
}

/** Opens a socket; rejects with the refusal's code. */
export async function connect(url: string, namespace: Namespace, token: string): Promise<Socket> {
  const socket = io(url + namespace, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error: Error & { data?: { code: string } }) =>
      reject(new Error(error.data?.code ?? error.message)),
    );
  });
  return socket;
}

/** Asks over a socket and gives the acknowledgement, failure or not. */
export async function ask<N extends Namespace, R extends RequestName<N>>(
  socket: Socket,
  _namespace: N,
  request: R,
  body: RequestInput<N, R>,
): Promise<Answer<N, R> | Failure> {
  return (await socket.timeout(10_000).emitWithAck(request, body)) as Answer<N, R> | Failure;
}

/** The same where a failure fails the test. */
export async function mustAsk<N extends Namespace, R extends RequestName<N>>(
  socket: Socket,
  namespace: N,
  request: R,
  body: RequestInput<N, R>,
): Promise<Answer<N, R>> {
  const answer = await ask(socket, namespace, request, body);
  if (isFailure(answer)) throw new Error(`${request}: ${answer.code}: ${answer.message}`);
  return answer as Answer<N, R>;
}

/** A new client-made id. */
export function newId(): string {
  return makeId(Date.now(), randomBytes(10));
}
