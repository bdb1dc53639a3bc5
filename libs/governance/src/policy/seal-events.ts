import type { Digest } from '#libs/kernel';
import { beforeAllSeals, type AuditEvent, type AuditHead, type AuditSeal } from '../model/audit-seal.js';
import { leafOf, sealHash } from './audit-hashes.js';

/**
 * The seal that follows a head and covers events, which get the next numbers in the order in which they are given.
 * @param head null before the first seal
 * @param events at least one
 */
export function sealEvents(
  digest: Digest,
  institutionId: string,
  head: AuditHead | null,
  events: readonly AuditEvent[],
  sealedAt: Date,
): AuditSeal {
  const before = head?.lastSequence ?? 0;
  const seal = {
    number: (head?.number ?? 0) + 1,
    firstSequence: before + 1,
    lastSequence: before + events.length,
    leaves: events.map((event) => leafOf(digest, institutionId, event)),
    previousHash: head?.hash ?? beforeAllSeals,
    sealedAt,
  };
  return { ...seal, hash: sealHash(digest, institutionId, seal) };
}
