import { createHash } from 'node:crypto';
import { operations } from '#libs/client';

/** docs/persisted-operations.json: SHA-256 of each published document → the document, by name of the operation. */
export function persistedOperationsPage(): string {
  const entries = Object.values(operations)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ document }) => [createHash('sha256').update(document).digest('hex'), document] as const);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
