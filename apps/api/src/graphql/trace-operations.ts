import type { FastifyInstance } from 'fastify';
import { getOperationAST, Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { FailureCode } from '#libs/kernel';
import type { Telemetry } from '#libs/platform';
import { statusOf } from '../request/failure.js';

/** Root fields that a name shows; an operation may have any number. */
const shownFields = 5;

interface Traced {
  readonly name: string;
  readonly type: string;
  readonly started: number;
}

/** Notes each GraphQL operation that was run, under the names of its root fields: those are of the schema. */
export function traceOperations(fastify: FastifyInstance, telemetry: Telemetry): void {
  if (telemetry.isOn) fastify.addHook('onReady', async () => addHooks(fastify, telemetry));
}

function addHooks(fastify: FastifyInstance, telemetry: Telemetry): void {
  const running = new WeakMap<object, Traced>();

  fastify.graphql.addHook('preExecution', async (_schema, document, context) => {
    const { operationName } = (context.reply.request.body ?? {}) as { operationName?: string };
    running.set(context, { ...describe(document, operationName), started: performance.now() });
  });
  fastify.graphql.addHook('onResolution', async (execution, context) => {
    const traced = running.get(context);
    if (traced === undefined) return;
    const codes = (execution.errors ?? []).map(({ extensions }) => String(extensions?.['code'] ?? 'INTERNAL'));
    const { traceparent } = context.reply.request.headers;
    telemetry.note({
      kind: 'request',
      name: `${traced.type} ${traced.name}`,
      milliseconds: performance.now() - traced.started,
      attributes: {
        'graphql.operation.type': traced.type,
        'attune.code': codes[0] ?? 'OK',
      },
      failed: codes.some((code) => statusOf(code as FailureCode) >= 500),
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
  });
}

function describe(document: DocumentNode, operationName: string | undefined): { name: string; type: string } {
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return { name: 'unknown', type: 'operation' };
  const fields = [...new Set(rootFields(document, operation.selectionSet))];
  const name = fields.slice(0, shownFields).join(', ') + (fields.length > shownFields ? ', …' : '');
  return { name, type: operation.operation };
}

function rootFields(document: DocumentNode, set: SelectionSetNode): string[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(document, fragment.selectionSet) : [];
  });
}
