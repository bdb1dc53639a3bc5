import { Module } from '@nestjs/common';
import { IdentityModule } from '#libs/composition';
import { ApiKeyResolver } from './api-key.resolver.js';
import { InstitutionResolver } from './institution.resolver.js';
import { KeysController } from './keys.controller.js';
import { SignInResolver } from './sign-in.resolver.js';
import { UserResolver } from './user.resolver.js';
import { ViewerResolver } from './viewer.resolver.js';

@Module({
  imports: [IdentityModule],
  controllers: [KeysController],
  providers: [SignInResolver, ViewerResolver, InstitutionResolver, UserResolver, ApiKeyResolver],
})
export class IdentityApi {}
