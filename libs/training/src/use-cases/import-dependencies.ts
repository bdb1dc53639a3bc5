import type { AuditLog, TellingDependencies } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { DatasetRepository } from '../datasets.ports.js';
import type { DatasetImportRepository, FolderZipStore, ImportQueue } from '../imports.ports.js';

/** What the path of a zip of folders takes. */
export interface ImportDependencies extends TellingDependencies {
  readonly access: CourseAccess;
  readonly datasets: DatasetRepository;
  readonly imports: DatasetImportRepository;
  readonly zips: FolderZipStore;
  readonly queue: ImportQueue;
  readonly audit: AuditLog;
}
