import { setImmediate } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { CachedCatalogueSource, Database, SqlPopulationStore } from '#libs/persistence';
import { CatalogueSource, LearnPopulation, PopulationStore } from '#libs/tutoring';
import { adapt } from './use-case.js';

/** What follows learners, and learns from them how. */
@Module({
  providers: [
    adapt(CatalogueSource, CachedCatalogueSource, Database),
    adapt(PopulationStore, SqlPopulationStore, Database),
    {
      provide: LearnPopulation,
      useFactory: (populations: PopulationStore, catalogues: CatalogueSource, clock: Clock) =>
        new LearnPopulation(populations, catalogues, clock, () => setImmediate()),
      inject: [PopulationStore, CatalogueSource, Clock],
    },
  ],
  exports: [CatalogueSource, PopulationStore, LearnPopulation],
})
export class StudentModelModule {}
