import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TestDatabase } from './postgres.js';

/** The program as `npm start` runs it, once everything is built. */
const API_ENTRY = join(import.meta.dirname, '../../dist/apps/api/src/main.js');

/** An API in a process of its own. */
export interface ApiProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything that it has written. */
  readonly output: () => string;
}

/** Starts the built API; resolves when it is ready. */
export async function forkApi(database: TestDatabase, settings: Record<string, string> = {}): Promise<ApiProcess> {
  const child = fork(API_ENTRY, {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATABASE_APP_URL: database.appUrl,
      ATTUNE_SECRET: 'a secret of the tests, long enough for all',
      LOG_LEVEL: 'warn',
      ...settings,
    },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { kind: string; url?: string; reason?: string }) =>
      message.kind === 'ready' ? resolve(message.url!) : reject(new Error(message.reason)),
    );
    child.once('exit', (code) => reject(new Error(`The API ended with ${code}: ${output}`)));
  });
  return { url, child, output: () => output };
}
