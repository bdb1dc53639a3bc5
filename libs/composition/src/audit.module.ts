import { Module } from '@nestjs/common';
import { Clock, Digest, IdSource } from '#libs/kernel';
import { AuditChain, ReadAuditHead, SealAudit, VerifyAudit } from '#libs/governance';
import { AuditLog, UnitOfWork } from '#libs/identity';
import { Database, PrismaAuditLog, SqlAuditChain } from '#libs/persistence';
import { Sha256Digest } from '#libs/storage';
import { adapt, bind } from './use-case.js';

/** The record of management acts, for whoever acts, and its seals. */
@Module({
  providers: [
    adapt(AuditLog, PrismaAuditLog, Database, IdSource, Clock),
    adapt(AuditChain, SqlAuditChain, Database),
    { provide: Digest, useClass: Sha256Digest },
    bind(SealAudit, UnitOfWork, AuditChain, Digest, Clock),
    bind(VerifyAudit, UnitOfWork, AuditChain, Digest),
    bind(ReadAuditHead, UnitOfWork, AuditChain),
  ],
  exports: [AuditLog, SealAudit, VerifyAudit, ReadAuditHead],
})
export class AuditModule {}
