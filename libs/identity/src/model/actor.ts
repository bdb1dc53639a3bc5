/** What a person or a program may be in an institution. */
export const roles = ['student', 'teacher', 'admin', 'service'] as const;
export type Role = (typeof roles)[number];

/** Who acts. It is a required argument of every use case, and the institution that it names is the only one it sees. */
export interface Actor {
  readonly kind: 'user' | 'service' | 'system';
  readonly institutionId: string;
  readonly userId: string;
  /** Stands for the person in append-only rows; deleted on erasure. */
  readonly pseudonym: string;
  readonly roles: readonly Role[];
  /** The sign-in or API key behind the token; null for the system itself. */
  readonly credentialId: string | null;
  /** Unix seconds after which nothing may be done with this token. */
  readonly expiresAt: number;
}

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * The system acting in one institution: for jobs, seeding and operation. It passes every check, so it must never be
 * made from anything that a caller sent.
 */
export function dangerousSystemActor(institutionId: string): Actor {
  return {
    kind: 'system',
    institutionId,
    userId: nobody,
    pseudonym: nobody,
    roles: ['admin'],
    credentialId: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
  };
}

/** Tells whether the actor administers the institution. */
export function isAdmin(actor: Actor): boolean {
  return actor.roles.includes('admin');
}

/** Tells whether the actor manages the people of the institution: an administrator, or a program that it trusts. */
export function isManager(actor: Actor): boolean {
  return isAdmin(actor) || isTrustedService(actor);
}

/** Tells whether the actor is a program that the institution trusts with its rosters and with `correct`. */
export function isTrustedService(actor: Actor): boolean {
  return actor.kind === 'service' && actor.roles.includes('service');
}
