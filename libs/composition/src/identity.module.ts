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
import { bind } from './use-case.js';

const lifetimesOf = (config: Config): TokenLifetimes => ({
  access: config.ACCESS_TOKEN_SECONDS,
  refresh: config.REFRESH_TOKEN_SECONDS,
});

const SIGN_IN_DEPENDENCIES = Symbol('SignInDependencies');

/** Sign-in, renewal, API keys. */
@Module({
  imports: [AuditModule],
  providers: [
    { provide: SecretSource, useClass: SystemSecrets },
    { provide: PasswordHasher, useClass: Argon2Hasher },
    {
      provide: UserRepository,
      useFactory: (database: Database) => new PrismaUserRepository(database),
      inject: [Database],
    },
    {
      provide: SignInRepository,
      useFactory: (database: Database) => new PrismaSignInRepository(database),
      inject: [Database],
    },
    {
      provide: ApiKeyRepository,
      useFactory: (database: Database) => new PrismaApiKeyRepository(database),
      inject: [Database],
    },
    {
      provide: InstitutionDirectory,
      useFactory: (database: Database) => new SqlInstitutionDirectory(database),
      inject: [Database],
    },
    {
      provide: RateLimiter,
      useFactory: (database: Database, clock: Clock) => new SqlRateLimiter(database, clock),
      inject: [Database, Clock],
    },
    {
      provide: SIGN_IN_DEPENDENCIES,
      useFactory: (
        config: Config,
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
      ): SignInDependencies => ({
        directory,
        unitOfWork,
        users,
        signIns,
        hasher,
        limiter,
        secrets,
        issuer,
        clock,
        ids,
        lifetimes: lifetimesOf(config),
      }),
      inject: [
        CONFIG,
        InstitutionDirectory,
        UnitOfWork,
        UserRepository,
        SignInRepository,
        PasswordHasher,
        RateLimiter,
        SecretSource,
        TokenService,
        Clock,
        IdSource,
      ],
    },
    {
      provide: SignInLocally,
      useFactory: (deps: SignInDependencies) => new SignInLocally(deps),
      inject: [SIGN_IN_DEPENDENCIES],
    },
    {
      provide: RenewTokens,
      useFactory: (deps: SignInDependencies, notifier: RevocationNotifier) => new RenewTokens(deps, notifier),
      inject: [SIGN_IN_DEPENDENCIES, RevocationNotifier],
    },
    {
      provide: InstitutionRepository,
      useFactory: (database: Database) => new PrismaInstitutionRepository(database),
      inject: [Database],
    },
    bind(ReadInstitution, UnitOfWork, InstitutionRepository),
    bind(ReadUsers, UnitOfWork, UserRepository),
    bind(CreateInstitution, UnitOfWork, InstitutionDirectory, InstitutionRepository, IdSource),
    {
      provide: ManageUsers,
      useFactory: (deps: SignInDependencies, notifier: RevocationNotifier, audit: AuditLog) =>
        new ManageUsers({ ...deps, notifier, audit }),
      inject: [SIGN_IN_DEPENDENCIES, RevocationNotifier, AuditLog],
    },
    {
      provide: ChangePassword,
      useFactory: (deps: SignInDependencies, notifier: RevocationNotifier, audit: AuditLog) =>
        new ChangePassword({ ...deps, notifier, audit }),
      inject: [SIGN_IN_DEPENDENCIES, RevocationNotifier, AuditLog],
    },
    bind(ReadUsers, UnitOfWork, UserRepository),
    bind(SignOut, UnitOfWork, SignInRepository, RevocationNotifier, Clock),
    {
      provide: ExchangeApiKey,
      useFactory: (deps: SignInDependencies, apiKeys: ApiKeyRepository) => new ExchangeApiKey({ ...deps, apiKeys }),
      inject: [SIGN_IN_DEPENDENCIES, ApiKeyRepository],
    },
    {
      provide: ManageApiKeys,
      useFactory: (
        deps: SignInDependencies,
        apiKeys: ApiKeyRepository,
        notifier: RevocationNotifier,
        audit: AuditLog,
      ) => new ManageApiKeys({ ...deps, apiKeys, notifier, audit }),
      inject: [SIGN_IN_DEPENDENCIES, ApiKeyRepository, RevocationNotifier, AuditLog],
    },
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
