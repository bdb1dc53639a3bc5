import type { Digest } from '#libs/kernel';
import {
  beforeAllSeals,
  type AuditFault,
  type AuditHead,
  type AuditSeal,
  type NumberedEvent,
} from '../model/audit-seal.js';
import { leafOf, sealHash } from './audit-hashes.js';

/**
 * The first thing that is wrong with a seal or with what it covers; null where it holds.
 * @param head the seal before it, which holds; null before the first
 * @param events those whose numbers the seal covers, in the order of their numbers
 */
export function verifySeal(
  digest: Digest,
  institutionId: string,
  head: AuditHead | null,
  seal: AuditSeal,
  events: readonly NumberedEvent[],
): AuditFault | null {
  const { number, firstSequence, lastSequence, leaves } = seal;
  const next = (head?.number ?? 0) + 1;
  if (number !== next) return { kind: 'seal-missing', seal: next };
  if (sealHash(digest, institutionId, seal) !== seal.hash) return { kind: 'seal-changed', seal: number };
  const follows =
    seal.previousHash === (head?.hash ?? beforeAllSeals) && firstSequence === (head?.lastSequence ?? 0) + 1;
  if (!follows || leaves.length !== lastSequence - firstSequence + 1) return { kind: 'seal-unlinked', seal: number };
  return verifyEvents(digest, institutionId, seal, events);
}

function verifyEvents(
  digest: Digest,
  institutionId: string,
  { number: seal, firstSequence, leaves }: AuditSeal,
  events: readonly NumberedEvent[],
): AuditFault | null {
  let index = 0;
  for (const [place, leaf] of leaves.entries()) {
    const sequence = firstSequence + place;
    const here: NumberedEvent[] = [];
    for (; events[index]?.sequence === sequence; index++) here.push(events[index]!);
    const [first] = here;
    if (first === undefined) return { kind: 'event-missing', seal, sequence };
    const other = here.find((event) => leafOf(digest, institutionId, event) !== leaf);
    const wrong = other ?? here[1];
    if (wrong === undefined) continue;
    const isElsewhere = leaves.includes(leafOf(digest, institutionId, wrong));
    const kind = here.length > 1 ? 'event-inserted' : isElsewhere ? 'event-reordered' : 'event-changed';
    return { kind, seal, sequence, eventId: wrong.id };
  }
  return null;
}
