import { setTimeout as sleep } from 'node:timers/promises';
import { type DataFolder, ensureSecret, openDataFolder } from './data-folder.js';
import { DatabasePart } from './database-part.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { explainFailure } from '../shell/explain-failure.js';
import { LogFollower } from './log-file.js';
import { Part, PartNotReady } from './part.js';
import { demandPort, localUrl } from './port-check.js';
import { type PreparedDatabase, prepareDatabase } from './prepare-database.js';
import { identify } from './process-identity.js';
import { printReadyScreen } from './ready-screen.js';
import type { PartEvent } from './restarter.js';
import { CommandFailure } from '../shell/command-failure.js';
import type { ServeSettings } from './serve-settings.js';
import { ServerLock } from './server-lock.js';
import { StopSignals } from './stop-signals.js';
import { report } from '../shell/report.js';
import type { Terminal } from '../shell/terminal.js';

/** Where the programs and the migrations are: arguments, so that a test can put others there. */
export interface SupervisorPaths {
  readonly apiEntry: string;
  readonly workerEntry: string;
  readonly migrations: string;
}

/**
 * Limits in milliseconds. A drain is longer than what the API gives its own requests; SHUTDOWN_DELAY_SECONDS comes on
 * top. What a start has under way when it is interrupted (a migration, the demo school) may end within its limit; it is
 * a transaction, and done again by the next start.
 */
const START_LIMIT = 60_000;
const DRAIN_LIMIT = 10_000;
const INTERRUPTED_LIMIT = 3_000;

/**
 * Runs all of Attune on one machine: PostgreSQL, then the API and the worker, each a process of its own; starts again
 * what ends by itself, and stops everything in the opposite order.
 */
export class Supervisor {
  private readonly url: string;
  private readonly signals: StopSignals;
  private readonly givenUp = new AbortController();
  private lock: ServerLock | undefined;
  private database: DatabasePart | undefined;
  private api: Part | undefined;
  private worker: Part | undefined;
  private readonly followers: LogFollower[] = [];
  private databaseUrl: string | undefined;
  private noting: Promise<void> = Promise.resolve();
  private isStarting = true;

  constructor(
    private readonly settings: ServeSettings,
    private readonly paths: SupervisorPaths,
    private readonly terminal: Terminal,
  ) {
    this.url = localUrl(settings.host, settings.port);
    this.signals = new StopSignals(() => terminal.event('Not waiting any longer.'));
    this.databaseUrl = settings.databaseUrl;
  }

  /** Starts everything, runs until it is asked to stop or has to give up, and stops everything. */
  async run(): Promise<number> {
    const { stop } = this.signals;
    let failure: CommandFailure | undefined;
    const starting = this.start().finally(() => (this.isStarting = false));
    try {
      await Promise.race([starting, aborted(stop), aborted(this.givenUp.signal)]);
      await Promise.race([aborted(stop), aborted(this.givenUp.signal)]);
      failure = this.givenUp.signal.reason as CommandFailure | undefined;
    } catch (error) {
      if (!stop.aborted) failure = this.explain(error);
    }
    if (failure) this.report(failure);
    try {
      await this.interrupt(starting);
      await this.stop();
    } catch (error) {
      const unstoppable = this.explain(error);
      this.report(unstoppable);
      failure ??= unstoppable;
    }
    return failure?.exitCode ?? EXIT_CODE.stopped;
  }

  private report(failure: CommandFailure): void {
    this.terminal.line();
    report(this.terminal, failure);
    this.terminal.line();
  }

  private explain(error: unknown): CommandFailure {
    const context = { dataFolder: this.settings.dataFolder, databaseUrl: this.databaseUrl };
    return explainPart(error) ?? explainFailure(error, context);
  }

  private async start(): Promise<void> {
    const { settings } = this;
    const folder = await openDataFolder(settings.dataFolder);
    this.lock = await ServerLock.take(folder.lockFile, this.url, {
      signal: this.signals.stop,
      onWatch: () =>
        this.terminal.event('Another Attune has used this data folder, perhaps in a container: looking if it runs.'),
      onLost: () =>
        this.givenUp.abort(
          new CommandFailure(EXIT_CODE.taken, 'Another Attune has taken this data folder while this one stood still.'),
        ),
    });
    await demandPort(settings.host, settings.port);
    const secret = await ensureSecret(folder, settings.secret);
    const ownerUrl = settings.databaseUrl ?? (await this.startDatabase(folder));
    this.databaseUrl = ownerUrl;
    this.signals.stop.throwIfAborted();
    const { appUrl, demoSchool } = await this.prepare(folder, ownerUrl, secret);
    this.signals.stop.throwIfAborted();
    await this.startParts(folder, appUrl, secret);
    this.signals.stop.throwIfAborted();
    printReadyScreen(this.terminal, {
      url: this.url,
      dataFolder: folder.path,
      demoSchool,
      demoAccountsFile: folder.demoAccountsFile,
    });
  }

  private async startDatabase(folder: DataFolder): Promise<string> {
    const notices: string[] = [];
    this.database = await this.step('PostgreSQL', '', () =>
      DatabasePart.start({
        dataFolder: folder.path,
        logFile: folder.logFile('postgres'),
        onNotice: (sentence) => notices.push(sentence),
        onEvent: (event) => this.tell('PostgreSQL', event),
        signal: this.signals.stop,
      }),
    );
    for (const notice of notices) this.terminal.line(`    ${this.terminal.style('yellow', notice)}`);
    return this.database.ownerUrl;
  }

  private prepare(folder: DataFolder, ownerUrl: string, secret: string): Promise<PreparedDatabase> {
    return this.step(
      'Database',
      ({ summary }) => summary,
      (onStep) =>
        prepareDatabase({
          ownerUrl,
          appUrl: this.settings.databaseAppUrl,
          secret,
          migrationsFolder: this.paths.migrations,
          demoAccountsFile: folder.demoAccountsFile,
          demo: this.settings.demo,
          onStep: (detail) => {
            this.signals.stop.throwIfAborted();
            onStep(detail);
          },
        }),
    );
  }

  private async startParts(folder: DataFolder, appUrl: string, secret: string): Promise<void> {
    const { DATABASE_URL: _ownersOnly, ...environment } = process.env;
    const env = {
      NODE_ENV: 'production',
      ...environment,
      HOST: this.settings.host,
      PORT: String(this.settings.port),
      DATABASE_APP_URL: appUrl,
      ATTUNE_SECRET: secret,
      ATTUNE_DATA_DIR: folder.path,
    };
    const shared = {
      env,
      startLimit: START_LIMIT,
      drainLimit: DRAIN_LIMIT + this.settings.shutdownDelay,
      onSpawn: () => this.noteParts(),
    };
    const api = new Part(
      {
        name: 'API',
        entry: this.paths.apiEntry,
        logFile: folder.logFile('api'),
        probe: (signal) => untilHealthy(`${this.url}/health/ready`, signal),
        ...shared,
      },
      (event) => this.tell('API', event),
    );
    const worker = new Part(
      { name: 'worker', entry: this.paths.workerEntry, logFile: folder.logFile('worker'), ...shared },
      (event) => this.tell('Worker', event),
    );
    this.api = api;
    this.worker = worker;
    await this.follow('API', folder.logFile('api'));
    await this.follow('Worker', folder.logFile('worker'));
    await this.step('API, worker', '', () => Promise.all([api.start(), worker.start()]));
  }

  private async follow(name: string, file: string): Promise<void> {
    const follower = new LogFollower(file, ({ level, message }) => {
      const mark = this.terminal.style(level === 'error' ? 'red' : 'yellow', level.padEnd(5));
      this.terminal.event(`${name.padEnd(10)} ${mark} ${message}`);
    });
    this.followers.push(follower);
    await follower.start();
  }

  /** One line for each thing that happens to a part after the start. */
  private tell(name: string, event: PartEvent): void {
    const label = name.padEnd(10);
    switch (event.kind) {
      case 'ended':
        this.terminal.event(
          `${label} ${this.terminal.style('red', 'ended')} by itself (${event.how}); ` +
            `starting it again in ${event.restartIn / 1000} s`,
        );
        break;
      case 'did-not-start':
        this.terminal.event(`${label} ${event.why} Trying again in ${event.restartIn / 1000} s.`);
        break;
      case 'back':
        this.terminal.event(
          `${label} ${this.terminal.style('green', 'is back')} after ${(event.after / 1000).toFixed(1)} s`,
        );
        break;
      case 'gave-up':
        this.givenUp.abort(
          new CommandFailure(
            EXIT_CODE.part,
            `${name} does not stay up: ${event.ends} times in a row it ended soon after its start, or did not start. ` +
              `The last time: ${event.how.replace(/\.$/, '')}. Its log ends like this:`,
            event.lines,
          ),
        );
        break;
    }
  }

  /** Keeps the lock's list of processes up to date; a start after `kill -9` reads it. */
  private noteParts(): void {
    this.noting = this.noting.then(async () => {
      const pids = [this.api?.pid, this.worker?.pid].filter((pid) => pid !== undefined);
      const identities = await Promise.all(pids.map(identify));
      this.lock?.setParts(identities.filter((identity) => identity !== null));
    });
  }

  /** Brings a start that is under way to its end: nothing is started after this. */
  private async interrupt(starting: Promise<void>): Promise<void> {
    const { hurry } = this.signals;
    const [api, worker] = [this.api, this.worker];
    if (!this.isStarting) return;
    await Promise.race([
      Promise.allSettled([starting, api?.stop(hurry), worker?.stop(hurry)]),
      aborted(hurry),
      sleep(INTERRUPTED_LIMIT),
    ]);
  }

  private async stop(): Promise<void> {
    const running = this.database ?? this.api ?? this.worker;
    const step = running ? this.terminal.step('Stopping') : undefined;
    step?.update('the API finishes what it is doing');
    await this.api?.stop(this.signals.hurry);
    step?.update('the worker finishes what it is doing');
    await this.worker?.stop(this.signals.hurry);
    step?.update('PostgreSQL writes everything down');
    await this.database?.stop();
    for (const follower of this.followers) follower.stop();
    await this.lock?.release();
    step?.done('everything has stopped');
  }

  private async step<T>(
    label: string,
    summary: string | ((result: T) => string),
    action: (onDetail: (detail: string) => void) => Promise<T>,
  ): Promise<T> {
    const step = this.terminal.step(label);
    try {
      const result = await action((detail) => step.update(detail));
      step.done(typeof summary === 'string' ? summary : summary(result));
      return result;
    } catch (error) {
      step.fail();
      throw error;
    }
  }
}

function explainPart(error: unknown): CommandFailure | undefined {
  if (!(error instanceof PartNotReady)) return undefined;
  return new CommandFailure(EXIT_CODE.part, error.message, error.lines, { cause: error });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Asks until the answer is 200; rejects when the signal is aborted. */
async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const response = await fetch(url, { signal }).catch(() => null);
    if (response?.status === 200) return;
    await sleep(50, undefined, { signal });
  }
}
