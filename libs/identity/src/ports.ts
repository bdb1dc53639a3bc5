import type { Page, PageRequest } from '#libs/kernel';
import type { Actor, Role } from './model/actor.js';

/** Where repositories are spoken to: always on behalf of an actor, and never outside her institution. */
export abstract class UnitOfWork {
  /** Runs work in one transaction: all of it is stored when `run` returns, or nothing. */
  abstract run<T>(actor: Actor, work: () => Promise<T>): Promise<T>;
  /** Runs reads, in the transaction of the operation around them where there is one. */
  abstract read<T>(actor: Actor, work: () => Promise<T>): Promise<T>;
}

/** What somebody who manages did to which thing. Persons are named by pseudonym, and nothing else is told of them. */
export interface AuditEntry {
  /** A fact in the past tense, such as `course.created`. */
  readonly action: string;
  /** What the id is of, such as `course`; a `person` goes by her pseudonym. */
  readonly objectKind: string;
  readonly objectId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The record of management acts. */
export abstract class AuditLog {
  /** Notes an act in the unit of work around it, so that neither is stored without the other. */
  abstract record(actor: Actor, entry: AuditEntry): Promise<void>;
}

export interface User {
  readonly id: string;
  readonly pseudonym: string;
  readonly name: string;
  readonly email: string | null;
  readonly language: string;
  readonly roles: readonly Role[];
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  /** Where she comes from, and her id there: both, or neither. */
  readonly source: string | null;
  readonly externalId: string | null;
}

export interface NewUser {
  readonly id: string;
  readonly pseudonym: string;
  readonly name: string;
  readonly email: string | null;
  readonly language: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string | null;
  readonly source: string | null;
  readonly externalId: string | null;
}

/** Which users a list is of; null asks for any. */
export interface UserFilter {
  readonly role: Role | null;
  readonly source: string | null;
  readonly externalId: string | null;
}

export abstract class UserRepository {
  abstract findUser(id: string): Promise<User | null>;
  /** Finds a user, who cannot be disabled before the unit of work has ended. */
  abstract holdUser(id: string): Promise<User | null>;
  /** The hash of a user's password, or that she has none; null where there is no such user. */
  abstract findPasswordHash(id: string): Promise<{ readonly hash: string | null } | null>;
  abstract findUsers(ids: readonly string[]): Promise<User[]>;
  abstract findByEmail(email: string): Promise<(User & { passwordHash: string | null }) | null>;
  abstract insertUser(user: NewUser): Promise<'inserted' | 'id-taken' | 'email-taken' | 'key-taken'>;
  /** By id. */
  abstract listUsers(page: PageRequest, filter: UserFilter): Promise<Page<User>>;
  abstract updateUser(
    id: string,
    change: Partial<Pick<User, 'roles' | 'disabledAt'> & Pick<NewUser, 'passwordHash'>>,
  ): Promise<void>;
}

/** One sign-in: the life of a refresh token through its rotations. */
export interface SignIn {
  readonly id: string;
  readonly userId: string;
  readonly refreshHash: string;
  readonly previousRefreshHash: string | null;
  readonly rotatedAt: Date | null;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export abstract class SignInRepository {
  abstract insertSignIn(signIn: { id: string; userId: string; refreshHash: string; expiresAt: Date }): Promise<void>;
  /** Reads it under a row lock, so that two renewals at once take turns. */
  abstract lockSignIn(id: string): Promise<SignIn | null>;
  /** @param usedAt when the token before was first used up */
  abstract rotate(id: string, refreshHash: string, previousRefreshHash: string, usedAt: Date): Promise<void>;
  abstract revoke(id: string, at: Date): Promise<void>;
  /** All of a user but one, where one is named; answers which. */
  abstract revokeAllOf(userId: string, at: Date, but?: string | null): Promise<string[]>;
}

export interface ApiKey {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly secretHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export abstract class ApiKeyRepository {
  abstract findApiKey(id: string): Promise<ApiKey | null>;
  abstract listApiKeys(): Promise<ApiKey[]>;
  abstract insertApiKey(key: Omit<ApiKey, 'createdAt' | 'revokedAt'>): Promise<void>;
  abstract revokeApiKey(id: string, at: Date): Promise<boolean>;
}

/** Finds an institution before anything is known of who asks. */
export abstract class InstitutionDirectory {
  abstract findInstitutionId(slug: string): Promise<string | null>;
  abstract listInstitutionIds(): Promise<string[]>;
}

export abstract class PasswordHasher {
  abstract hash(password: string): Promise<string>;
  /** Takes as long for no hash as for a wrong password, so that timing does not tell who exists. */
  abstract verify(hash: string | null, password: string): Promise<boolean>;
}

export abstract class TokenIssuer {
  /** Signs a short-lived access token for the actor. */
  abstract issue(actor: Actor): Promise<string>;
}

/** Counts attempts in fixed windows, across all processes. */
export abstract class RateLimiter {
  /** Counts one attempt; answers null, or the seconds to wait. */
  abstract hit(key: string, limit: number, windowSeconds: number): Promise<number | null>;
  /** Takes one attempt of the present window back, because it turned out to be none to worry about. */
  abstract forgive(key: string, windowSeconds: number): Promise<void>;
}

/** Secrets and their digests. */
export abstract class SecretSource {
  /** 256 random bits, base64url. */
  abstract makeSecret(): string;
  /** SHA-256 of a secret that has 256 bits of its own; never for passwords. */
  abstract digest(secret: string): string;
}

/** Tells open sockets at once that a credential no longer stands, or that somebody teaches a course no more. */
export abstract class RevocationNotifier {
  abstract teachingEnded(institutionId: string, courseId: string, userId: string): void;
  abstract credentialsRevoked(institutionId: string, credentialIds: readonly string[]): Promise<void>;
}

/** Tells whether the credentials behind tokens still stand: neither revoked nor expired. */
export abstract class CredentialStanding {
  abstract stands(actor: Actor): Promise<boolean>;
}

export interface Institution {
  readonly id: string;
  /** Short name that people sign in with. */
  readonly slug: string;
  readonly name: string;
  /** Whose law applies, such as "DE" or "US-IL"; "unknown" allows least. */
  readonly jurisdiction: string;
  /** IANA time zone. */
  readonly timeZone: string;
  readonly language: string;
}

export abstract class InstitutionRepository {
  /** The institution that the unit of work has entered. */
  abstract getInstitution(): Promise<Institution>;
  abstract insertInstitution(institution: Institution): Promise<void>;
}

/** A key pair that signs access tokens, as it is stored: the private half is sealed. */
export interface StoredSigningKey {
  readonly id: string;
  readonly publicJwk: object;
  readonly sealedPrivate: string;
  readonly createdAt: Date;
  readonly signsUntil: Date;
  readonly verifiesUntil: Date;
}

export abstract class SigningKeyStore {
  /** Keys that still verify, the newest first. */
  abstract listKeys(now: Date): Promise<StoredSigningKey[]>;
  abstract insertKey(key: StoredSigningKey): Promise<void>;
}
