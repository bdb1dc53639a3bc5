import { Module } from '@nestjs/common';
import { GovernanceModule } from '#libs/composition';
import { ConsentResolver } from './consent.resolver.js';
import { SensingResolver } from './sensing.resolver.js';

@Module({ imports: [GovernanceModule], providers: [ConsentResolver, SensingResolver] })
export class GovernanceApi {}
