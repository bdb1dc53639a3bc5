import {
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { excessOf } from '../../apps/api/src/graphql/operation-limits.js';
import { newId } from './api.js';

export { excessOf };

/** One field of the root types, with a document that calls it and asks for all that it answers. */
export interface RootOperation {
  readonly kind: 'query' | 'mutation';
  readonly name: string;
  readonly document: string;
  /** Where its arguments, and the fields of its inputs, stand in the variables. */
  readonly places: readonly Place[];
}

/** An argument, or a field of an input object. Lists stand for their first item too, as a place with the index 0. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly description: string;
}

/** Every query and every mutation of the schema. */
export function rootOperationsOf(schema: GraphQLSchema): RootOperation[] {
  const [queries, mutations] = [schema.getQueryType()!.getFields(), schema.getMutationType()!.getFields()];
  return [
    ...Object.values(queries).map((field) => toOperation('query', field)),
    ...Object.values(mutations).map((field) => toOperation('mutation', field)),
  ];
}

function toOperation(kind: RootOperation['kind'], field: GraphQLField<unknown, unknown>): RootOperation {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const [head, call] = field.args.length > 0 ? [`${kind} (${declared})`, `(${passed})`] : [kind, ''];
  // As deep as the limits of one operation allow.
  const documents = [6, 5, 4, 3].map((depth) => `${head} { ${field.name}${call}${selectionOf(field.type, depth)} }`);
  const document = documents.find((one) => excessOf(parse(one)) === null);
  if (document === undefined) throw new Error(`${field.name} cannot be asked for within the limits.`);
  return {
    kind,
    name: field.name,
    document,
    places: field.args.flatMap(({ name, type, description }) => placesIn([name], name, type, description ?? '')),
  };
}

function placesIn(path: Place['path'], name: string, type: GraphQLInputType, description: string): Place[] {
  const place: Place = { path, name, type, description };
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable))
    return [place, ...placesIn([...path, 0], name, nullable.ofType as GraphQLInputType, description)];
  if (!isInputObjectType(nullable)) return [place];
  const fields = Object.values(nullable.getFields());
  return [place, ...fields.flatMap((one) => placesIn([...path, one.name], one.name, one.type, one.description ?? ''))];
}

/** Asks for everything down to a depth, and for one item of each page on the way. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isUnionType(named)) {
    const members = named.getTypes().filter(({ name }) => !refusals.has(name));
    const outcomes = members.map((member) => `... on ${member.name}${selectionOf(member, depth)}`);
    return ` { __typename ${outcomes.join(' ')} ... on Refusal { code message } ... on InvalidInput { issues { path } } }`;
  }
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const inner = selectionOf(field.type, depth - 1);
    const isPaged = field.args.some(({ name }) => name === 'first');
    return inner !== '' && depth === 1 ? [] : [`${field.name}${isPaged ? '(first: 1)' : ''}${inner}`];
  });
  return ` { __typename ${fields.join(' ')} }`;
}

const refusals = new Set(['InvalidInput', 'NotAllowed', 'NotFound', 'IdReused', 'Taken', 'TooMuch', 'NotNow']);

/** What a valid value looks like, by the name of the argument or field, or of the operation and that name. */
export type Samples = Readonly<Record<string, unknown>>;

/** Variables of the right shape. What the samples do not say is made by type. */
export function variablesFor(operation: RootOperation, samples: Samples): Record<string, unknown> {
  const roots = operation.places.filter(({ path }) => path.length === 1);
  const own = (name: string): unknown => samples[`${operation.name} ${name}`] ?? samples[name];
  return Object.fromEntries(roots.map(({ name, type }) => [name, sampleOf(name, type, own)]));
}

function sampleOf(name: string, type: GraphQLInputType, samples: (name: string) => unknown): unknown {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable)) {
    const sample = samples(name);
    if (sample === null && nullable === type) return null;
    return Array.isArray(sample) ? sample : [sampleOf(name, nullable.ofType as GraphQLInputType, samples)];
  }
  const sample = samples(name);
  if (sample !== undefined) return sample;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field.name, field.type, samples)]));
  }
  switch (String(nullable)) {
    case 'UUID':
      return newId();
    case 'DateTime':
      return new Date().toISOString();
    case 'Int':
    case 'Float':
      return 1;
    case 'Boolean':
      return false;
    default:
      return 'x';
  }
}

/** A copy of variables with another value in one place. */
export function withValue(variables: object, path: Place['path'], value: unknown): Record<string, unknown> {
  const copy = structuredClone(variables) as Record<string, unknown>;
  let parent = copy;
  for (const [index, step] of path.slice(0, -1).entries()) {
    parent[step] ??= typeof path[index + 1] === 'number' ? [] : {};
    parent = parent[step] as Record<string, unknown>;
  }
  parent[path.at(-1)!] = value;
  return copy;
}

/** JSON cannot say infinity, but a number that is too large means it: put in when the body is written. */
export const tooLarge = '@@1e999@@';

/** Values that are wrong in a place, whatever it is for. */
export function wrongValuesFor({ type }: Place): unknown[] {
  const nullable = isNonNullType(type) ? type.ofType : type;
  const absent = isNonNullType(type) ? [null] : [];
  if (isListType(nullable)) return [...absent, Array.from({ length: 5_000 }, () => ({})), 0, { a: 1 }];
  if (isInputObjectType(nullable)) return [...absent, [], 'text', 7, true, { unknownField: 1 }];
  switch (String(nullable)) {
    case 'UUID':
      return [...absent, 7, true, {}, [[]], 'x', '', newId().toUpperCase(), `${newId()}\u0000`, "' OR 1=1 --"];
    case 'DateTime':
      return [...absent, 0, true, {}, 'yesterday', '2026-13-45T99:00:00Z', '0000-01-01T00:00:00Z', 'x'.repeat(50_000)];
    case 'Int':
      return [...absent, '1', 1.5, 2 ** 31, -(2 ** 31) - 1, true, {}, 'NaN', tooLarge];
    case 'Float':
      return [...absent, '1', true, {}, 'NaN', 'Infinity', tooLarge];
    case 'Boolean':
      return [...absent, 'true', 1, {}, []];
    case 'JSON':
      return [nested(200), { text: '\u0000' }, { text: '\ud800' }, { '\u0000': 1 }, 'x'.repeat(500_000), 7, tooLarge];
    default:
      return [...absent, 7, true, {}, ['x', 'y'], 'x'.repeat(100_000), 'a\u0000b', 'a\ud800b'];
  }
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value };
  return value;
}
