import { setImmediate } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { CachedCatalogueSource, Database, SqlHelpLedger, SqlPopulationStore } from '#libs/persistence';
import { CatalogueSource, HelpLedger, LearnPopulation, PopulationStore, SettleHelp } from '#libs/tutoring';
import { adapt, bind } from './use-case.js';

/** What follows learners, and learns from them how, and which help helps. */
@Module({
  providers: [
    adapt(CatalogueSource, CachedCatalogueSource, Database),
    adapt(PopulationStore, SqlPopulationStore, Database),
    adapt(HelpLedger, SqlHelpLedger, Database),
    bind(SettleHelp, HelpLedger, Clock),
    {
      provide: LearnPopulation,
      useFactory: (populations: PopulationStore, catalogues: CatalogueSource, clock: Clock) =>
        new LearnPopulation(populations, catalogues, clock, () => setImmediate()),
      inject: [PopulationStore, CatalogueSource, Clock],
    },
  ],
  exports: [CatalogueSource, PopulationStore, LearnPopulation, HelpLedger, SettleHelp],
})
export class StudentModelModule {}
