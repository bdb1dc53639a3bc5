import { Module } from '@nestjs/common';
import { AuditModule, GovernanceModule } from '#libs/composition';
import { AuditResolver } from './audit.resolver.js';
import { ConsentResolver } from './consent.resolver.js';
import { SensingResolver } from './sensing.resolver.js';

@Module({ imports: [AuditModule, GovernanceModule], providers: [AuditResolver, ConsentResolver, SensingResolver] })
export class GovernanceApi {}
