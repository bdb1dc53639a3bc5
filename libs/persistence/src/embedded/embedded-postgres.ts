import { type ChildProcess, spawn } from 'node:child_process';
import { open, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseClusterFolder, makeReachable, reachableBinaries } from './cluster-place.js';
import {
  type ClusterRecord,
  clusterFolder,
  findClusterRecord,
  newClusterRecord,
  saveClusterRecord,
} from './cluster-record.js';
import { broken, hasCluster } from './cluster-state.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { DATABASE, ensureOwnedDatabase, OWNER_ROLE } from './ensure-owned-database.js';
import { initialiseCluster, postgresEnvironment } from './initialise-cluster.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { explainFailure, linesSince, logLength } from './postgres-log.js';
import { serverArguments } from './postgres-settings.js';
import { closeLeftBehind, findPostmaster, stopPostmaster } from './postmaster.js';
import { type Account, canEnter, chooseAccount } from './unprivileged-account.js';

/** Where an embedded PostgreSQL lives and how it is told about. */
export interface EmbeddedPostgresOptions {
  /** Absolute path of the folder that holds `postgres/` and `postgres.json`; made when missing. */
  readonly dataFolder: string;
  /** File that PostgreSQL's log is added to. */
  readonly logFile: string;
  /** Told in sentences what the person at the terminal should know: a copy made, a server left behind. */
  readonly onNotice?: (sentence: string) => void;
  /** False for tests only: faster, and a crash of the machine may lose everything. True by default. */
  readonly durable?: boolean;
}

/** How the server ended without being asked to. */
export interface UnexpectedExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How long recovery after a crash may take before a start counts as failed, in milliseconds. */
const START_LIMIT = 120_000;

/** How long those whose server was killed may take to end, in milliseconds. */
const ORPHAN_LIMIT = 15_000;

/**
 * A PostgreSQL server of our own: a child process in its own process group (a Ctrl-C in the terminal does not reach
 * it), whose cluster, port and passwords live in a data folder.
 */
export class EmbeddedPostgres {
  private server: ChildProcess | undefined;
  private isStopping = false;

  private constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly account: Account | undefined,
    private readonly binaries: string,
    private record: ClusterRecord,
    private readonly onExit: (exit: UnexpectedExit) => void,
  ) {}

  /**
   * Opens the data folder and, when it is new, makes the cluster in it; the server is not started yet.
   * @param onExit called when the server ends by itself, after a start that succeeded
   * @throws EmbeddedPostgresError
   */
  static async open(
    options: EmbeddedPostgresOptions,
    onExit: (exit: UnexpectedExit) => void = () => {},
  ): Promise<EmbeddedPostgres> {
    const { onNotice = () => {}, durable = true } = options;
    const packaged = await findPostgresBinaries();
    await makeReachable(options.dataFolder);
    const dataFolder = await realpath(options.dataFolder);
    const known = await findClusterRecord(dataFolder);
    const account = await chooseAccount(known ? clusterFolder(dataFolder, known) : join(dataFolder, 'postgres'));
    const binaries = await reachableBinaries(packaged, account);
    let record = known ?? newClusterRecord(chooseClusterFolder(dataFolder, account), await freePort());
    const folder = clusterFolder(dataFolder, record);

    await demandConsistency(dataFolder, folder, known);
    if (account && known && !canEnter(account, dirname(folder))) {
      throw new EmbeddedPostgresError(
        'not-writable',
        `PostgreSQL does not run as root, and ${account.name} cannot enter ${dirname(folder)}. Move the data folder to ` +
          'where it can (ATTUNE_DATA_DIR), or start Attune as an ordinary user.',
      );
    }
    if (!record.isComplete) {
      await saveClusterRecord(dataFolder, record);
      const { superuserPassword } = record;
      if (!(await hasCluster(folder)))
        await initialiseCluster({ folder, binaries, account, superuserPassword, durable });
      record = { ...record, isComplete: true };
      await saveClusterRecord(dataFolder, record);
    }
    if (!folder.startsWith(dataFolder)) {
      onNotice(
        `PostgreSQL does not run as root, and ${account?.name ?? 'its user'} cannot enter ${dataFolder}: ` +
          `its data is in ${folder}.`,
      );
    }
    return new EmbeddedPostgres({ ...options, dataFolder }, account, binaries, record, onExit);
  }

  /** Where the database is, as its owner: a PostgreSQL URL. */
  get ownerUrl(): string {
    return this.url(OWNER_ROLE, this.record.ownerPassword, DATABASE);
  }

  /** Where the cluster is, as its superuser: for tests that make databases of their own. */
  get superuserUrl(): string {
    return this.url('postgres', this.record.superuserPassword, 'postgres');
  }

  /** Folder of the cluster itself. */
  get folder(): string {
    return clusterFolder(this.options.dataFolder, this.record);
  }

  /** Process id of the server, while it runs. */
  get pid(): number | undefined {
    return this.server?.pid;
  }

  /**
   * Starts the server and waits until it takes connections. A server that an earlier run left behind is stopped first.
   * The first start chooses the port: the last one, or another when that is taken; after that the port stays.
   * A start that fails leaves no server behind.
   * @param signal ends the start
   * @throws EmbeddedPostgresError, or the reason of the abort
   */
  async start(signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + ORPHAN_LIMIT;
    for (;;) {
      try {
        return await this.startOnce(signal);
      } catch (error) {
        // The processes of a server that was killed end by themselves, on a busy machine not at once.
        const isPassing = error instanceof EmbeddedPostgresError && error.fault === 'still-in-use';
        if (!isPassing || performance.now() > deadline) throw error;
        await sleep(100, undefined, { signal });
      }
    }
  }

  private async startOnce(signal?: AbortSignal): Promise<void> {
    const left = await closeLeftBehind(this.folder);
    if (left !== null) {
      this.options.onNotice?.(`PostgreSQL was still running from an earlier start (process ${left}) and was stopped.`);
    }
    if (!this.server && !(await isFree(this.record.port))) {
      this.record = { ...this.record, port: await freePort() };
      await saveClusterRecord(this.options.dataFolder, this.record);
    }
    const logged = await logLength(this.options.logFile);
    const log = await open(this.options.logFile, 'a', 0o600);
    const server = signal?.aborted ? undefined : this.spawnServer(log.fd);
    await log.close();
    if (!server) throw signal?.reason;
    this.server = server;
    this.isStopping = false;
    try {
      if (!(await this.waitUntilReady(server, signal))) {
        signal?.throwIfAborted();
        throw explainFailure(await linesSince(this.options.logFile, logged), this.folder, 'open');
      }
      await ensureOwnedDatabase(this.superuserUrl, this.record.ownerPassword);
      if (!isRunning(server)) {
        throw explainFailure(await linesSince(this.options.logFile, logged), this.folder, 'open');
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
    // From here on, and not before: a server whose start fails is not one that ended by itself.
    server.once('exit', (code, exitSignal) => {
      if (!this.isStopping) this.onExit({ code, signal: exitSignal });
    });
  }

  /** Stops the server cleanly, and waits until it is gone. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const server = this.server;
    if (server?.pid === undefined || !isRunning(server)) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    await stopPostmaster(server.pid);
    await gone;
  }

  /** Stops the server and deletes the cluster; for the temporary ones of tests. */
  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
    if (!this.folder.startsWith(this.options.dataFolder))
      await rm(dirname(this.folder), { recursive: true, force: true });
  }

  private url(role: string, password: string, database: string): string {
    return `postgresql://${role}:${password}@127.0.0.1:${this.record.port}/${database}`;
  }

  private spawnServer(log: number): ChildProcess {
    const settings = serverArguments({ port: this.record.port, durable: this.options.durable ?? true });
    const { uid, gid } = this.account ?? {};
    return spawn(join(this.binaries, 'bin', 'postgres'), ['-D', this.folder, ...settings], {
      cwd: '/',
      detached: true,
      env: postgresEnvironment(),
      stdio: ['ignore', log, log],
      ...(uid === undefined ? {} : { uid, gid }),
    });
  }

  /** Follows the status that the server writes into its own note; false when it ended, took too long or is not wanted. */
  private async waitUntilReady(server: ChildProcess, signal?: AbortSignal): Promise<boolean> {
    const ended = new AbortController();
    server.once('error', () => ended.abort());
    server.once('exit', () => ended.abort());
    const deadline = performance.now() + START_LIMIT;
    while (!ended.signal.aborted && !signal?.aborted && performance.now() < deadline) {
      const postmaster = await findPostmaster(this.folder);
      if (postmaster?.pid === server.pid && postmaster?.status === 'ready') return true;
      await sleep(10);
    }
    if (!ended.signal.aborted) server.kill('SIGQUIT');
    return false;
  }
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/** The record and the cluster belong together: one without the other is a fault, not a reason to start afresh. */
async function demandConsistency(dataFolder: string, folder: string, known: ClusterRecord | null): Promise<void> {
  const recordFile = join(dataFolder, 'postgres.json');
  const isThere = await hasCluster(folder);
  if (isThere && !known) throw broken(folder, `${recordFile}, which holds its passwords, is missing`);
  if (!isThere && known?.isComplete) throw broken(folder, `it is gone, but ${recordFile} says that it was there`);
}

/** A port on the loopback address that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a numeric port');
  return address.port;
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
