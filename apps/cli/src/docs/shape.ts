import { z } from 'zod';
import { cursorSchema, deviceTimeSchema, idSchema } from '#libs/contracts';

/** One field of a wire schema, in words. */
export interface ShapeField {
  /** Dotted; `[]` for the items of a list. */
  readonly path: string;
  readonly type: string;
  readonly isOptional: boolean;
}

interface Node {
  readonly type?: string | string[];
  readonly format?: string;
  readonly title?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: unknown;
}

/** Kinds of value that have a name of their own in the reference. */
const named = new Map<unknown, string>([
  [idSchema, 'id'],
  [deviceTimeSchema, 'device time'],
  [cursorSchema, 'number of an event'],
]);

/** Reads the fields of a schema, nested ones below their parent. */
export function shapeOf(schema: z.ZodType, direction: 'input' | 'output'): ShapeField[] {
  const root = z.toJSONSchema(schema, {
    io: direction,
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      const name = named.get(zodSchema);
      if (name !== undefined) jsonSchema.title = name;
    },
  }) as Node;
  return fieldsOf(root, '');
}

function fieldsOf(node: Node, prefix: string): ShapeField[] {
  const required = new Set(node.required);
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const isOptional = !required.has(name);
    const fallback = field.default === undefined ? '' : `, else ${JSON.stringify(field.default)}`;
    return [{ path, type: `${typeOf(field)}${fallback}`, isOptional }, ...below(field, path)];
  });
}

/** Fields inside an object, inside the items of a list, or inside the members of a union. */
function below(node: Node, path: string): ShapeField[] {
  if (node.title !== undefined) return [];
  if (node.properties) return fieldsOf(node, path);
  if (node.items) return below(node.items, `${path}[]`);
  const members = (node.anyOf ?? node.oneOf ?? []).filter((member) => member.type !== 'null');
  const kinds = members.map((member) => member.properties?.['kind']?.const);
  if (members.length === 1) return below(members[0]!, path);
  return members.flatMap((member, index) => {
    const { kind: _, ...properties } = member.properties ?? {};
    const where = kinds[index] === undefined ? path : `${path}(${String(kinds[index])})`;
    return fieldsOf({ ...member, properties }, where);
  });
}

function typeOf(node: Node): string {
  if (node.title !== undefined) return node.title;
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' or ');
  const members = node.anyOf ?? node.oneOf;
  if (members) return unionOf(members);
  if (node.prefixItems) return `list of ${node.prefixItems.length}: ${node.prefixItems.map(typeOf).join(', ')}`;
  if (Array.isArray(node.type)) return node.type.map((type) => typeOf({ ...node, type })).join(' or ');
  if (node.type === 'array')
    return `list${range(node.minItems, node.maxItems, ' of ', ' items')}${itemType(node.items)}`;
  if (node.type === 'string') return `text${range(node.minLength, node.maxLength, ' of ', ' characters')}`;
  if (node.type === 'integer') return `whole number${range(node.minimum, node.maximum, ' ', '')}`;
  if (node.type === 'number') return `number${range(node.minimum, node.maximum, ' ', '')}`;
  if (node.type === 'boolean') return 'true or false';
  if (node.type === 'null') return 'null';
  if (node.type === 'object') return node.properties ? 'object' : 'object with any fields';
  return 'any value';
}

function unionOf(members: readonly Node[]): string {
  const kinds = members.map((member) => member.properties?.['kind']?.const);
  if (kinds.every((kind) => kind !== undefined))
    return `object whose kind is ${kinds.map((kind) => JSON.stringify(kind)).join(', ')}`;
  return [...new Set(members.map(typeOf))].join(' or ');
}

/** What a list holds, where that is one word; anything else is told below. */
function itemType(item: Node | undefined): string {
  const type = item === undefined ? 'object' : typeOf(item);
  return type.startsWith('object') ? '' : `, each ${type}`;
}

/** Limits in words; the bounds that every whole number has are not worth a word. */
function range(least: number | undefined, most: number | undefined, before: string, after: string): string {
  const low = least === undefined || least === Number.MIN_SAFE_INTEGER ? null : least;
  const high = most === undefined || most === Number.MAX_SAFE_INTEGER ? null : most;
  if (low === null && high === null) return '';
  if (low === null) return `${before}at most ${high}${after}`;
  if (high === null) return `${before}at least ${low}${after}`;
  return `${before}${low} to ${high}${after}`;
}
