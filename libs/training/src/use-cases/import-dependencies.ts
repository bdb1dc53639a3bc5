import type { AuditLog, TellingDependencies } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { DatasetRepository } from '../datasets.ports.js';
import type { DatasetImportRepository, FolderZipStore, ImportQueue } from '../imports.ports.js';
import type { DatasetImport } from '../model/dataset-import.js';

/** What the path of a zip of folders takes. */
export interface ImportDependencies extends TellingDependencies {
  readonly access: CourseAccess;
  readonly datasets: DatasetRepository;
  readonly imports: DatasetImportRepository;
  readonly zips: FolderZipStore;
  readonly queue: ImportQueue;
  readonly audit: AuditLog;
}

/** Whether nothing becomes of it any more: its zip is not needed. */
export function isAtItsEnd({ state }: Pick<DatasetImport, 'state'>): boolean {
  return state === 'done' || state === 'failed';
}
