import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { dangerousSystemActor } from '#libs/identity';
import { makeId } from '#libs/kernel';
import {
  applyMigrations,
  Database,
  EmbeddedPostgres,
  ensureApplicationRole,
  SigningKeyRepository,
  urlForRole,
} from '#libs/persistence';
import { Seal, SystemIds, TokenService } from '#libs/security';
import { SystemClock } from '#libs/platform';
import { insertCourse, insertLearners, type BenchCourse } from './population.js';

const secret = 'the secret of a benchmark, long enough for all';
const root = join(import.meta.dirname, '../../..');

/** A learner of the benchmark, signed in. */
export interface BenchLearner {
  readonly id: string;
  readonly pseudonym: string;
  readonly signInId: string;
  readonly token: string;
}

/** A durable embedded PostgreSQL with a school in it, and the API as a process of its own. */
export class Stage {
  private api: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly postgres: EmbeddedPostgres,
    readonly ownerUrl: string,
    readonly appUrl: string,
    readonly institutionId: string,
    readonly course: BenchCourse,
    readonly learners: readonly BenchLearner[],
  ) {}

  /** Sets the stage: the database of a fresh start, one course, and learners who are signed in. */
  static async open(options: { learners: number; activities?: number; skills?: number }): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'attune-bench-'));
    const postgres = await EmbeddedPostgres.open({
      dataFolder: join(folder, 'data'),
      logFile: join(folder, 'postgres.log'),
    });
    await postgres.start();
    const { ownerUrl } = postgres;
    const password = randomBytes(12).toString('hex');
    await ensureApplicationRole({ ownerUrl, role: 'attune_app', password });
    await applyMigrations({ ownerUrl, folder: join(root, 'prisma/migrations') });
    const appUrl = urlForRole(ownerUrl, 'attune_app', password);

    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    const institutionId = newId();
    await owner.query(`INSERT INTO institutions (id, slug, name) VALUES ($1, 'bench', 'Benchmark')`, [institutionId]);
    const course = await insertCourse(owner, institutionId, options.activities ?? 150, options.skills ?? 12);
    const people = await insertLearners(owner, institutionId, course.id, options.learners);
    await owner.query('ANALYZE');
    await owner.end();

    const clock = new SystemClock();
    const database = new Database({ url: appUrl, poolSize: 4 });
    const tokens = new TokenService(
      new SigningKeyRepository(database),
      new Seal(secret),
      clock,
      new SystemIds(clock),
      'attune',
    );
    const learners: BenchLearner[] = [];
    for (const person of people) {
      const actor = {
        ...dangerousSystemActor(institutionId),
        kind: 'user' as const,
        userId: person.id,
        pseudonym: person.pseudonym,
        roles: ['student' as const],
        credentialId: person.signInId,
        expiresAt: Math.floor(Date.now() / 1000) + 3_600,
      };
      learners.push({ ...person, token: await tokens.issue(actor) });
    }
    await database.close();
    return new Stage(folder, postgres, ownerUrl, appUrl, institutionId, course, learners);
  }

  /** Starts the built API as a process of its own; answers its URL. */
  async startApi(settings: Record<string, string> = {}): Promise<string> {
    const entry = join(root, 'dist/apps/api/src/main.js');
    this.api = fork(entry, {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: '0',
        DATABASE_APP_URL: this.appUrl,
        ATTUNE_SECRET: secret,
        ATTUNE_DATA_DIR: join(this.folder, 'data'),
        LOG_LEVEL: 'error',
        ...settings,
      },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      this.api!.once('message', (message: { kind: string; url?: string; reason?: string }) =>
        message.kind === 'ready' ? resolve(message.url!) : reject(new Error(message.reason)),
      );
      this.api!.once('exit', (code) => reject(new Error(`The API ended with code ${code}.`)));
    });
  }

  /** Resident memory of the API process, in MiB. */
  async apiMemory(): Promise<number> {
    const status = await readFile(`/proc/${this.api!.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024);
  }

  async stopApi(): Promise<void> {
    const { api } = this;
    if (api === null) return;
    await new Promise<void>((resolve) => {
      api.once('exit', () => resolve());
      api.kill('SIGTERM');
    });
    this.api = null;
  }

  async close(): Promise<void> {
    await this.stopApi();
    await this.postgres.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function newId(): string {
  return makeId(Date.now(), randomBytes(10));
}
