import { Module } from '@nestjs/common';
import { Clock, IdSource } from '#libs/kernel';
import { AuditLog } from '#libs/governance';
import { Database, PrismaAuditLog } from '#libs/persistence';

/** The record of management acts, for whoever acts. */
@Module({
  providers: [
    {
      provide: AuditLog,
      useFactory: (database: Database, ids: IdSource, clock: Clock) => new PrismaAuditLog(database, ids, clock),
      inject: [Database, IdSource, Clock],
    },
  ],
  exports: [AuditLog],
})
export class AuditModule {}
