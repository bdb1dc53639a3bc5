import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fail, FailureError, isFailure, type Failure } from '#libs/kernel';
import { isManager, type Actor } from '#libs/identity';
import { projectFolder } from '#libs/platform';

/** Published operations: SHA-256 of the document in hexadecimal → the document. */
export type PersistedOperations = ReadonlyMap<string, string>;

const manifestSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string());

const persistedQuerySchema = z.object({
  persistedQuery: z.object({ version: z.literal(1), sha256Hash: z.string().regex(/^[0-9a-f]{64}$/) }),
});

/** Reads docs/persisted-operations.json. Without the file there are none, which only a server that runs nothing else minds. */
export async function readPersistedOperations({ required }: { required: boolean }): Promise<PersistedOperations> {
  const file = join(projectFolder, 'docs/persisted-operations.json');
  if (!existsSync(file)) {
    if (required) throw new Error('PERSISTED_OPERATIONS_ONLY is on, but docs/persisted-operations.json is missing.');
    return new Map();
  }
  const operations = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const [hash, document] of Object.entries(operations)) {
    if (sha256(document) !== hash)
      throw new Error(`docs/persisted-operations.json: ${hash} is not the hash of its document.`);
  }
  return new Map(Object.entries(operations));
}

/**
 * Lets operations come by their hash, in the form of Apollo's persisted queries (`extensions.persistedQuery`). With
 * `only`, everybody but services and administrators may send nothing else; a document that is published word for word
 * is as good as its hash.
 */
export function installPersistedOperations(
  fastify: FastifyInstance,
  operations: PersistedOperations,
  { only }: { only: boolean },
): void {
  const published = new Set(operations.values());
  fastify.addHook('preHandler', async (request: FastifyRequest) => {
    if (request.routeOptions.url !== '/graphql') return;
    const asked = askedOperation(request);
    const hash = hashIn(asked['extensions']);
    if (hash !== null && typeof asked['query'] !== 'string') {
      const document = operations.get(hash);
      if (document === undefined) throw refusal('This server does not know the hash.');
      asked['query'] = document;
    }
    const { query } = asked;
    if (typeof query !== 'string') {
      throw new FailureError(fail('INVALID_INPUT', 'Send the operation as `query`, or its hash in `extensions`.'));
    }
    if (only && !published.has(query) && !isExempt(request.identity)) throw refusal();
  });
}

/** Where the operation stands: in the body, or in the query string of a GET. */
function askedOperation(request: FastifyRequest): Record<string, unknown> {
  const place = request.method === 'GET' ? request.query : request.body;
  return typeof place === 'object' && place !== null ? (place as Record<string, unknown>) : {};
}

function refusal(message?: string): FailureError {
  return new FailureError(fail('OPERATION_NOT_PERSISTED', message));
}

function hashIn(extensions: unknown): string | null {
  const parsed = persistedQuerySchema.safeParse(typeof extensions === 'string' ? parseJson(extensions) : extensions);
  return parsed.success ? parsed.data.persistedQuery.sha256Hash : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isExempt(identity: Actor | Failure | null): boolean {
  return identity !== null && !isFailure(identity) && isManager(identity);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
