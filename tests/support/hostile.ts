import { z } from 'zod';
import {
  cursorSchema,
  deviceTimeSchema,
  eventMap,
  idSchema,
  type DescribedRequests,
  type Namespace,
} from '#libs/contracts';
import { newId } from './api.js';

/** One request of the event map, whatever its shape. */
export interface AnyRequest {
  readonly namespace: Namespace;
  readonly name: string;
  readonly schema: z.ZodType;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface SchemaNode {
  readonly title?: string;
  readonly const?: Json;
  readonly enum?: Json[];
  readonly default?: Json;
  readonly type?: string | string[];
  readonly properties?: Record<string, SchemaNode>;
  readonly anyOf?: SchemaNode[];
  readonly oneOf?: SchemaNode[];
  readonly items?: SchemaNode;
  readonly prefixItems?: SchemaNode[];
  readonly minItems?: number;
  readonly minimum?: number;
}

/** Every request of every namespace, so that a new one cannot be forgotten. */
export const allRequests: readonly AnyRequest[] = (Object.keys(eventMap) as Namespace[]).flatMap((namespace) =>
  Object.entries(eventMap[namespace].requests as DescribedRequests).map(([name, { request }]) => ({
    namespace,
    name,
    schema: request,
  })),
);

type Ids = Readonly<Record<string, string>>;

/**
 * A body of the right shape. `ids` gives the ids of what is there, by the name of their field; without them they are made
 * up. An `id` is always new: whoever asks makes it.
 */
export function sampleBody({ schema }: AnyRequest, ids: Ids | null = null): Record<string, Json> {
  const node = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === idSchema) jsonSchema.title = 'id';
      if (zodSchema === deviceTimeSchema) jsonSchema.title = 'time';
      if (zodSchema === cursorSchema) jsonSchema.title = 'cursor';
    },
  }) as SchemaNode;
  return sample(node, '', ids) as Record<string, Json>;
}

function sample(node: SchemaNode, field: string, ids: Ids | null): Json {
  const members = node.anyOf ?? node.oneOf;
  if (node.title === 'id' || members?.some(({ title }) => title === 'id')) {
    if (field === 'id' || ids === null) return newId();
    if (ids[field] === undefined) throw new Error(`Say in idsOf which id is a ${field}.`);
    return ids[field];
  }
  if (node.title === 'time') return Date.now();
  if (node.title === 'cursor') return 0;
  if (ids?.[field] !== undefined && node.type !== 'array') return ids[field];
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum[0]!;
  if (node.default !== undefined) return node.default;
  if (members) return sample(members[0]!, field, ids);
  if (node.properties) {
    return Object.fromEntries(Object.entries(node.properties).map(([key, one]) => [key, sample(one, key, ids)]));
  }
  if (node.prefixItems) return node.prefixItems.map((one) => sample(one, field, ids));
  if (node.items) return Array.from({ length: node.minItems ?? 1 }, () => sample(node.items!, field, ids));
  if (node.type === 'string') return 'x';
  if (node.type === 'integer' || node.type === 'number') return Math.max(1, node.minimum ?? 1);
  return true;
}

/** Values that no field expects, as they come over the wire. */
const oddValues: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  Number.NaN,
  '',
  'x'.repeat(5_000),
  '\u0000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  [],
  Array.from({ length: 2_000 }, (_, index) => index),
  {},
  { kind: 'nonsense' },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  { constructor: { prototype: { polluted: true } } },
  { toString: 'x', valueOf: 'x' },
  nested(200),
];

/** Bodies that are wrong in one place each, made from a right one, and bodies that are none at all. */
export function hostileBodies(request: AnyRequest): unknown[] {
  const right = sampleBody(request);
  const bodies: unknown[] = [...oddValues, undefined, 'text', 12];
  for (const field of Object.keys(right)) {
    const { [field]: _, ...without } = right;
    bodies.push(without);
    for (const value of oddValues) bodies.push({ ...right, [field]: value });
    const inner = right[field];
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue;
    for (const key of Object.keys(inner)) bodies.push({ ...right, [field]: { ...inner, [key]: { $gt: '' } } });
  }
  bodies.push({ ...right, unknownField: 1 });
  bodies.push(JSON.parse(`{"__proto__": {"polluted": true}, ${JSON.stringify(right).slice(1)}`));
  return bodies;
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i++) value = { value };
  return value;
}
