import { DatasetsModule } from '#libs/composition';
import { IdSource } from '#libs/kernel';
import { ArchiveStore, FreezeDataset, ListDatasets, ManageDatasets } from '#libs/training';
import { withContext } from '../shell/with-context.js';

/** What the commands do it with. */
export interface TrainingTools {
  readonly manage: ManageDatasets;
  readonly read: ListDatasets;
  readonly freeze: FreezeDataset;
  readonly archives: ArchiveStore;
  readonly ids: IdSource;
}

/** Runs work with the datasets of a database and the files beside it. */
export function withTraining<T>(ownerUrl: string, work: (tools: TrainingTools) => Promise<T>): Promise<T> {
  return withContext(ownerUrl, DatasetsModule, (context) =>
    work({
      manage: context.get(ManageDatasets, { strict: false }),
      read: context.get(ListDatasets, { strict: false }),
      freeze: context.get(FreezeDataset, { strict: false }),
      archives: context.get(ArchiveStore, { strict: false }),
      ids: context.get(IdSource, { strict: false }),
    }),
  );
}
