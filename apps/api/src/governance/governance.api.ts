import { Module } from '@nestjs/common';
import { GovernanceModule } from '#libs/composition';
import { ConsentResolver } from './consent.resolver.js';

@Module({ imports: [GovernanceModule], providers: [ConsentResolver] })
export class GovernanceApi {}
