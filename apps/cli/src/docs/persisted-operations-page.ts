import { createHash } from 'node:crypto';
import { z } from 'zod';
import { operations } from '#libs/client';

const manifestSchema = z.record(z.string(), z.string());

/**
 * docs/persisted-operations.json: SHA-256 of each published document → the document, in their order. What was published
 * stays, so that an app of an earlier version still finds its operations: a change adds a document, and takes none away.
 * @param published the file as it was published; null where there is none
 */
export function persistedOperationsPage(published: string | null): string {
  const earlier = published === null ? [] : Object.values(manifestSchema.parse(JSON.parse(published)));
  const documents = new Set([...earlier, ...Object.values(operations).map(({ document }) => document)]);
  const entries = [...documents]
    .toSorted()
    .map((document) => [createHash('sha256').update(document).digest('hex'), document] as const);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
