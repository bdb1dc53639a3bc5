import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/identity';
import { ListImports, type DatasetImport, type TrainingDataset } from '#libs/training';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { DatasetImportConnection, DatasetImportType } from './dataset-import.type.js';
import { TrainingDatasetType } from './dataset.type.js';

/** Zips of folders on their way into datasets, for those who teach the course. */
@Resolver(() => TrainingDatasetType)
export class DatasetImportResolver {
  constructor(private readonly read: ListImports) {}

  @Query(() => DatasetImportType, {
    description: 'A zip of folders that was uploaded (`/training/folders`) for a dataset of a course that you teach.',
  })
  async datasetImport(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<DatasetImportType> {
    return toType(orThrow(await this.read.one(actor, id)));
  }

  @ResolveField(() => DatasetImportConnection, { description: 'Zips of folders that were uploaded, newest first.' })
  async imports(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() dataset: TrainingDataset,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<DatasetImportType>> {
    const request = readPageArgs(first, after, byTime);
    const imports = loaderOf(
      context,
      `imports of dataset ${JSON.stringify(request)}`,
      (datasets: readonly TrainingDataset[]) => this.read.importsOf(actor, datasets, request),
    );
    const page = (await imports.load(dataset)) ?? { items: [], hasMore: false };
    return toConnection(page, byTime, ({ createdAt: at, id }) => ({ at, id }), toType);
  }
}

function toType({ failure, bytes: _bytes, createdBy: _by, ...same }: DatasetImport): DatasetImportType {
  return { ...same, code: failure?.code ?? null, message: failure?.message ?? null };
}
