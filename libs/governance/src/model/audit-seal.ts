/** What an act was about, with the salt of its hash; once it was erased the hash alone is left. */
export type AuditDetails =
  | { readonly kind: 'kept'; readonly salt: string; readonly value: unknown }
  | { readonly kind: 'erased'; readonly hash: string };

/** An act on record, as the chain commits to it. */
export interface AuditEvent {
  readonly id: string;
  /** Pseudonym of who acted. */
  readonly actor: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly at: Date;
  readonly details: AuditDetails;
}

/** An event with its place in the chain of its institution, from 1. */
export interface NumberedEvent extends AuditEvent {
  readonly sequence: number;
}

/** A run of numbered events, with the hash of each, chained to the seal before it. Hashes are SHA-256 in hexadecimal digits. */
export interface AuditSeal {
  /** From 1, without gaps. */
  readonly number: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** The hash of each event, in their order. */
  readonly leaves: readonly string[];
  readonly previousHash: string;
  readonly hash: string;
  readonly sealedAt: Date;
}

/** The last seal of a chain: noted elsewhere, it holds everything up to it fast. */
export type AuditHead = Pick<AuditSeal, 'number' | 'lastSequence' | 'hash' | 'sealedAt'>;

/** What stands in the place of the hash before the first seal. */
export const beforeAllSeals = '0'.repeat(64);

/** The first thing that is wrong with a chain. */
export type AuditFault =
  /** Its hash is not the one of what it says, so one of the two was changed. */
  | { readonly kind: 'seal-changed'; readonly seal: number }
  /** The one with this number is not there, and a later one is. */
  | { readonly kind: 'seal-missing'; readonly seal: number }
  /** It does not follow from the one before it: one of the two was made anew. */
  | { readonly kind: 'seal-unlinked'; readonly seal: number }
  | {
      readonly kind: 'event-changed' | 'event-inserted' | 'event-reordered';
      readonly seal: number;
      readonly sequence: number;
      readonly eventId: string;
    }
  | { readonly kind: 'event-missing'; readonly seal: number; readonly sequence: number }
  /** It has a number that no seal covers: it was inserted, or the seals after the last were removed. */
  | { readonly kind: 'event-uncovered'; readonly sequence: number; readonly eventId: string }
  /** No seal has the hash that was noted: the chain was cut off before it, or made anew. */
  | { readonly kind: 'head-missing'; readonly expected: string };
