import { PgBoss, type ConstructorOptions, type Queue } from 'pg-boss';
import { jobSchema } from './queues.js';

export type CreateQueueOptions = Omit<Queue, 'name'>;

/** Told what goes wrong in the background: a lost connection, a slow query. Holds no data of jobs. */
export type OnTrouble = (trouble: { readonly code: string; readonly message: string }) => void;

/** A pg-boss that changes no tables, keeps no register of instances, and says what troubles it. */
export function makeBoss(url: string, onTrouble: OnTrouble, options: ConstructorOptions): PgBoss {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'attune-jobs',
    schema: jobSchema,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: false,
    registerInstance: false,
    reindex: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
    ...options,
  });
  const tell = onceInAWhile(onTrouble);
  boss.on('error', (error: Error & { code?: string }) =>
    tell({ code: error.code ?? 'unknown', message: 'job queue interrupted' }),
  );
  boss.on('warning', ({ message, data }: { message: string; data?: { type?: string } }) =>
    tell({ code: data?.type ?? 'warning', message }),
  );
  return boss;
}

/** While the database is away each look for jobs fails: the same trouble is told once in ten seconds. */
function onceInAWhile(onTrouble: OnTrouble): OnTrouble {
  const rest = 10_000;
  const told = new Map<string, number>();
  return (trouble) => {
    const last = told.get(trouble.code) ?? -rest;
    if (performance.now() - last < rest) return;
    told.set(trouble.code, performance.now());
    onTrouble(trouble);
  };
}
