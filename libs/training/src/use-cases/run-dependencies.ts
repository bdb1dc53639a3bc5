import type { AuditLog, SecretSource, TellingDependencies } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { ArchiveLedger, ArchiveStore } from '../archives.ports.js';
import type { DatasetRepository } from '../datasets.ports.js';
import type { RunRepository, TrainingQueue } from '../runs.ports.js';

/** What the path of a training run takes. */
export interface RunDependencies extends TellingDependencies {
  readonly access: CourseAccess;
  readonly datasets: DatasetRepository;
  readonly runs: RunRepository;
  readonly archives: ArchiveStore;
  readonly ledger: ArchiveLedger;
  readonly queue: TrainingQueue;
  readonly secrets: SecretSource;
  readonly audit: AuditLog;
}
