import { Module } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { AuditLog, UnitOfWork, UserRepository } from '#libs/identity';
import {
  ConsentRepository,
  ReadConsents,
  ReadSensing,
  RecordConsent,
  SensingRepository,
  SetJurisdiction,
  SetPresenceWatch,
  SetSensingCeiling,
} from '#libs/governance';
import { CourseAccess, CourseRepository } from '#libs/learning';
import { Database, PrismaConsentRepository, PrismaSensingRepository } from '#libs/persistence';
import { IdentityModule } from './identity.module.js';
import { LearningModule } from './learning.module.js';
import { AuditModule } from './audit.module.js';
import { adapt, bind } from './use-case.js';

/** What people consented to, and how closely it may be looked at how they are doing. */
@Module({
  imports: [IdentityModule, AuditModule, LearningModule],
  providers: [
    adapt(ConsentRepository, PrismaConsentRepository, Database),
    bind(RecordConsent, UnitOfWork, UserRepository, ConsentRepository, AuditLog, Clock),
    bind(ReadConsents, UnitOfWork, UserRepository, ConsentRepository, Clock),
    adapt(SensingRepository, PrismaSensingRepository, Database),
    bind(ReadSensing, UnitOfWork, CourseAccess, SensingRepository, ConsentRepository, Clock),
    bind(SetSensingCeiling, UnitOfWork, CourseAccess, CourseRepository, SensingRepository, AuditLog),
    bind(SetPresenceWatch, UnitOfWork, SensingRepository, AuditLog),
    bind(SetJurisdiction, UnitOfWork, SensingRepository, AuditLog),
  ],
  exports: [
    ConsentRepository,
    RecordConsent,
    ReadConsents,
    ReadSensing,
    SetSensingCeiling,
    SetPresenceWatch,
    SetJurisdiction,
  ],
})
export class GovernanceModule {}
