import { Module } from '@nestjs/common';
import { Clock, IdSource } from '#libs/kernel';
import { AuditLog } from '#libs/identity';
import { Database, PrismaAuditLog } from '#libs/persistence';
import { adapt } from './use-case.js';

/** The record of management acts, for whoever acts. */
@Module({
  providers: [adapt(AuditLog, PrismaAuditLog, Database, IdSource, Clock)],
  exports: [AuditLog],
})
export class AuditModule {}
