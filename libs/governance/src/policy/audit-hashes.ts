import type { Digest } from '#libs/kernel';
import type { AuditDetails, AuditEvent, AuditSeal } from '../model/audit-seal.js';
import { canonicalJson } from './canonical-json.js';

/**
 * Hash of the details of an event: SHA-256 of a JSON list of their salt and their canonical text. Nobody who has but the hash
 * can try out what they said.
 */
export function detailsHash(digest: Digest, details: AuditDetails): string {
  if (details.kind === 'erased') return details.hash;
  return hashOf(digest, ['attune audit details 1', details.salt, canonicalJson(details.value)]);
}

/** Hash of an event: of all its fields, the details by their own hash, so that it stays the same when they are erased. */
export function leafOf(digest: Digest, institutionId: string, event: AuditEvent): string {
  const { id, actor, action, objectKind, objectId, at, details } = event;
  const fields = [institutionId, id, actor, action, objectKind, objectId, at.toISOString()];
  return hashOf(digest, ['attune audit event 1', ...fields, detailsHash(digest, details)]);
}

/** Hash of a seal: of all that it says, and so of every event that it covers and of every seal before it. */
export function sealHash(digest: Digest, institutionId: string, seal: Omit<AuditSeal, 'hash'>): string {
  const { number, firstSequence, lastSequence, leaves, previousHash, sealedAt } = seal;
  const batch = hashOf(digest, ['attune audit batch 1', ...leaves]);
  const fields = [institutionId, String(number), String(firstSequence), String(lastSequence)];
  return hashOf(digest, ['attune audit seal 1', ...fields, batch, previousHash, sealedAt.toISOString()]);
}

/** A list of texts has one text as JSON, so no two lists have the same. */
function hashOf(digest: Digest, texts: readonly string[]): string {
  return digest.of(new TextEncoder().encode(JSON.stringify(texts)));
}
