import { Module } from '@nestjs/common';
import { Clock, IdSource } from '#libs/kernel';
import {
  ApiKeyRepository,
  AuditLog,
  ChangePassword,
  CreateInstitution,
  ExchangeApiKey,
  InstitutionRepository,
  ManageUsers,
  InstitutionDirectory,
  ManageApiKeys,
  PasswordHasher,
  RateLimiter,
  ReadInstitution,
  ReadUsers,
  RenewTokens,
  RevocationNotifier,
  SecretSource,
  SignInLocally,
  SignInRepository,
  SignOut,
  UnitOfWork,
  UserRepository,
  type SignInDependencies,
  type TokenLifetimes,
} from '#libs/identity';
import {
  Database,
  PrismaApiKeyRepository,
  PrismaInstitutionRepository,
  PrismaSignInRepository,
  PrismaUserRepository,
  SqlInstitutionDirectory,
  SqlRateLimiter,
} from '#libs/persistence';
import type { Config } from '#libs/platform';
import { Argon2Hasher, SystemSecrets, TokenService } from '#libs/security';
import { AuditModule } from './audit.module.js';
import { CONFIG } from './tokens.js';
import { adapt, bind, Collaborators } from './use-case.js';

const LIFETIMES = Symbol('TokenLifetimes');

const collaborators = new Collaborators<SignInDependencies>({
  directory: InstitutionDirectory,
  unitOfWork: UnitOfWork,
  users: UserRepository,
  signIns: SignInRepository,
  hasher: PasswordHasher,
  limiter: RateLimiter,
  secrets: SecretSource,
  issuer: TokenService,
  clock: Clock,
  ids: IdSource,
  lifetimes: LIFETIMES,
});

/** What changes of people and keys take besides. */
const management = { notifier: RevocationNotifier, audit: AuditLog };

/** Sign-in, renewal, API keys. */
@Module({
  imports: [AuditModule],
  providers: [
    { provide: SecretSource, useClass: SystemSecrets },
    { provide: PasswordHasher, useClass: Argon2Hasher },
    {
      provide: LIFETIMES,
      useFactory: (config: Config): TokenLifetimes => ({
        access: config.ACCESS_TOKEN_SECONDS,
        refresh: config.REFRESH_TOKEN_SECONDS,
      }),
      inject: [CONFIG],
    },
    adapt(UserRepository, PrismaUserRepository, Database),
    adapt(SignInRepository, PrismaSignInRepository, Database),
    adapt(ApiKeyRepository, PrismaApiKeyRepository, Database),
    adapt(InstitutionRepository, PrismaInstitutionRepository, Database),
    adapt(InstitutionDirectory, SqlInstitutionDirectory, Database),
    adapt(RateLimiter, SqlRateLimiter, Database, Clock),
    collaborators.bind(SignInLocally),
    collaborators.bind(RenewTokens, { notifier: RevocationNotifier }),
    collaborators.bind(ManageUsers, management),
    collaborators.bind(ChangePassword, management),
    collaborators.bind(ExchangeApiKey, { apiKeys: ApiKeyRepository }),
    collaborators.bind(ManageApiKeys, { ...management, apiKeys: ApiKeyRepository }),
    bind(ReadInstitution, UnitOfWork, InstitutionRepository),
    bind(ReadUsers, UnitOfWork, UserRepository),
    bind(CreateInstitution, UnitOfWork, InstitutionDirectory, InstitutionRepository, IdSource),
    bind(SignOut, UnitOfWork, SignInRepository, RevocationNotifier, Clock),
  ],
  exports: [
    SecretSource,
    PasswordHasher,
    UserRepository,
    SignInRepository,
    InstitutionDirectory,
    RateLimiter,
    SignInLocally,
    RenewTokens,
    SignOut,
    ExchangeApiKey,
    ManageApiKeys,
    ManageUsers,
    ReadInstitution,
    ChangePassword,
    ReadUsers,
    CreateInstitution,
    InstitutionRepository,
  ],
})
export class IdentityModule {}
