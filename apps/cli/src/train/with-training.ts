import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule, DatasetsModule, SilentRealtimeModule } from '#libs/composition';
import { IdSource } from '#libs/kernel';
import { makeLogger, NestLogger, parseConfig } from '#libs/platform';
import { ArchiveStore, FreezeDataset, ManageDatasets } from '#libs/training';
import { parseServeSettings } from '../serve/serve-settings.js';

@Module({})
class TrainModule {
  static forRoot(environment: Record<string, string>): DynamicModule {
    const imports = [
      CoreModule.forRoot(parseConfig(environment), makeLogger('warn', 'train')),
      SilentRealtimeModule,
      DatasetsModule,
    ];
    return { module: TrainModule, imports };
  }
}

/** What the commands do it with. */
export interface TrainingTools {
  readonly manage: ManageDatasets;
  readonly freeze: FreezeDataset;
  readonly archives: ArchiveStore;
  readonly ids: IdSource;
}

/** Runs work with the datasets of a database and the files beside it. */
export async function withTraining<T>(ownerUrl: string, work: (tools: TrainingTools) => Promise<T>): Promise<T> {
  const { dataFolder } = parseServeSettings(process.env, { demo: false });
  const environment = {
    DATABASE_APP_URL: ownerUrl,
    ATTUNE_SECRET: 'nothing is signed or sealed by this command',
    ATTUNE_DATA_DIR: dataFolder,
    DATABASE_POOL_SIZE: '4',
  };
  const context = await NestFactory.createApplicationContext(TrainModule.forRoot(environment), {
    logger: new NestLogger(makeLogger('warn', 'train')),
    abortOnError: false,
  });
  try {
    return await work({
      manage: context.get(ManageDatasets, { strict: false }),
      freeze: context.get(FreezeDataset, { strict: false }),
      archives: context.get(ArchiveStore, { strict: false }),
      ids: context.get(IdSource, { strict: false }),
    });
  } finally {
    await context.close();
  }
}
