import 'reflect-metadata';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { DestinationStream } from 'pino';
import { makeLogger, parseConfig, type RunningPart } from '#libs/platform';
import { CourseChores } from '../../apps/worker/src/operation/course-chores.js';
import { Sealing } from '../../apps/worker/src/operation/sealing.js';
import { TrainingChores } from '../../apps/worker/src/operation/training-chores.js';
import { startWorker } from '../../apps/worker/src/start-worker.js';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import type { TestDatabase } from './postgres.js';

/** The program as `npm start` runs it, once everything is built. */
const WORKER_ENTRY = join(import.meta.dirname, '../../dist/apps/worker/src/main.js');

function environment(database: TestDatabase, settings: Record<string, string>): Record<string, string> {
  return {
    DATABASE_APP_URL: database.appUrl,
    ATTUNE_SECRET: 'a secret of the tests, long enough for all',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...settings,
  };
}

/** A worker inside the process of the test. */
export async function startTestWorker(
  database: TestDatabase,
  settings: Record<string, string> = {},
  log?: DestinationStream,
): Promise<RunningPart> {
  const config = parseConfig(environment(database, settings));
  return startWorker(config, makeLogger(config.LOG_LEVEL, 'worker', log));
}

/** A worker inside the process of the test that does chores when it is asked to. */
export interface TestWorker extends RunningPart, Pick<CourseChores, 'tellReviews'>, Pick<Sealing, 'seal'> {
  readonly training: Pick<TrainingChores, 'tendRuns' | 'forget'>;
}

export async function openTestWorker(
  database: TestDatabase,
  settings: Record<string, string> = {},
): Promise<TestWorker> {
  const config = parseConfig(environment(database, settings));
  const module = WorkerModule.forRoot(config, makeLogger(config.LOG_LEVEL, 'worker'));
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  return {
    tellReviews: () => app.get(CourseChores).tellReviews(),
    seal: () => app.get(Sealing).seal(),
    training: app.get(TrainingChores),
    close: () => app.close(),
  };
}

/** A worker in a process of its own, ready to take jobs. */
export async function forkWorker(database: TestDatabase, settings: Record<string, string> = {}): Promise<ChildProcess> {
  const child = fork(WORKER_ENTRY, {
    env: { PATH: process.env['PATH'], ...environment(database, settings) },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', (message: { kind: string; reason?: string }) =>
      message.kind === 'ready' ? resolve() : reject(new Error(message.reason)),
    );
    child.once('exit', (code) => reject(new Error(`The worker ended with ${code}.`)));
  });
  return child;
}

/** How a child process ended: its exit code, or the signal. */
export function ended(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
}
