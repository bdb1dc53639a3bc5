import { Module } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { AuditLog, UnitOfWork, UserRepository } from '#libs/identity';
import { ConsentRepository, ReadConsents, RecordConsent } from '#libs/governance';
import { Database, PrismaConsentRepository } from '#libs/persistence';
import { IdentityModule } from './identity.module.js';
import { AuditModule } from './audit.module.js';
import { adapt, bind } from './use-case.js';

/** What people consented to. */
@Module({
  imports: [IdentityModule, AuditModule],
  providers: [
    adapt(ConsentRepository, PrismaConsentRepository, Database),
    bind(RecordConsent, UnitOfWork, UserRepository, ConsentRepository, AuditLog, Clock),
    bind(ReadConsents, UnitOfWork, UserRepository, ConsentRepository, Clock),
  ],
  exports: [ConsentRepository, RecordConsent, ReadConsents],
})
export class GovernanceModule {}
