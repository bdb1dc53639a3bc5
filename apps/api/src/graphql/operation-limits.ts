import {
  Kind,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What one operation may ask for. Fragments count where they are spread. */
export const operationLimits = {
  /** Tokens of a document; more are not even parsed. */
  tokens: 4_000,
  /** Levels of nested fields. Introspection has none: its tools nest deep, and its cost is bounded. */
  depth: 10,
  /** Fields, those of introspection included. */
  fields: 500,
  /** Fields under another name than their own, those of introspection included. */
  aliases: 30,
  /** Fragments spread, inline ones included: they are walked through even where they hold no field. */
  spreads: 500,
  /** Fields times the lengths of the lists that they stand in. */
  cost: 5_000,
  /** The same for the fields of introspection: half as much again as the query of the tools asks for. */
  introspection: 80_000,
} as const;

/** Length of a page where the operation does not say, and where it says so by a variable, which may be anything. */
const usualLength = 20;
const greatestLength = 100;

/** Lists of the schema that describes the schema, and the length that each is taken for. */
const introspectionLists = new Set([
  'types',
  'directives',
  'fields',
  'inputFields',
  'args',
  'enumValues',
  'possibleTypes',
  'interfaces',
  'locations',
]);
const introspectionLength = 10;

type Tally = Record<Exclude<keyof typeof operationLimits, 'tokens'>, number>;

const limited = ['fields', 'aliases', 'spreads', 'depth', 'cost', 'introspection'] as const;

/** Where a selection stands, as far as its tally depends on that. */
interface Place {
  /** Whether the length of the list around this is in the factor already. */
  readonly isMeasured: boolean;
  readonly isIntrospection: boolean;
}

/**
 * Says which limit a document goes beyond, or null. Each fragment is counted once for each kind of place and
 * multiplied, so the work grows with the length of the document alone, however its fragments spread one another.
 * Definitions that no operation uses count as well: they would be validated.
 */
export function excessOf(document: DocumentNode): string | null {
  const count = new Counter(document);
  for (const definition of document.definitions) {
    const tally = count.definition(definition);
    const name = limited.find((one) => tally[one] > operationLimits[one]);
    if (name !== undefined) {
      const amount = tally[name] < 1e9 ? tally[name] : 'a billion or more';
      return `The operation goes beyond a limit: ${name} ${amount}, where ${operationLimits[name]} is allowed.`;
    }
  }
  return null;
}

class Counter {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  /** Tallies by place and name. Null while a fragment is being counted: who spreads itself is refused by validation. */
  private readonly counted = new Map<string, Tally | null>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  definition(definition: DefinitionNode): Tally {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      return this.fragment(definition.name.value, { isMeasured: true, isIntrospection: false });
    if (definition.kind !== Kind.OPERATION_DEFINITION) return nothing();
    return this.set(definition.selectionSet, { isMeasured: false, isIntrospection: false });
  }

  private set(set: SelectionSetNode, place: Place): Tally {
    const total = nothing();
    for (const selection of set.selections) {
      const { depth, ...one } = this.selection(selection, place);
      total.depth = Math.max(total.depth, depth);
      for (const name of Object.keys(one) as (keyof typeof one)[]) total[name] += one[name];
    }
    return total;
  }

  private selection(selection: SelectionNode, place: Place): Tally {
    if (selection.kind === Kind.FIELD) return this.field(selection, place);
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? this.set(selection.selectionSet, place)
        : this.fragment(selection.name.value, place);
    return { ...inner, spreads: inner.spreads + 1 };
  }

  private field(field: FieldNode, place: Place): Tally {
    const name = field.name.value;
    const isIntrospection = place.isIntrospection || name.startsWith('__');
    const length = isIntrospection
      ? introspectionLists.has(name)
        ? introspectionLength
        : 1
      : (lengthOf(field) ?? (name === 'edges' && !place.isMeasured ? usualLength : 1));
    const inner = field.selectionSet
      ? this.set(field.selectionSet, { isMeasured: lengthOf(field) !== null, isIntrospection })
      : nothing();
    return {
      fields: inner.fields + 1,
      aliases: inner.aliases + (field.alias ? 1 : 0),
      spreads: inner.spreads,
      depth: isIntrospection ? 0 : inner.depth + 1,
      cost: inner.cost * length + (isIntrospection ? 0 : 1),
      introspection: inner.introspection * length + (isIntrospection ? 1 : 0),
    };
  }

  private fragment(name: string, place: Place): Tally {
    const fragment = this.fragments.get(name);
    if (fragment === undefined) return nothing();
    const isIntrospection = place.isIntrospection || fragment.typeCondition.name.value.startsWith('__');
    const key = `${place.isMeasured} ${isIntrospection} ${name}`;
    const known = this.counted.get(key);
    if (known !== undefined) return known ?? nothing();
    this.counted.set(key, null);
    const tally = this.set(fragment.selectionSet, { ...place, isIntrospection });
    this.counted.set(key, tally);
    return tally;
  }
}

function nothing(): Tally {
  return { fields: 0, aliases: 0, spreads: 0, depth: 0, cost: 0, introspection: 0 };
}

/** How many items a field asks for; null when it does not say. */
function lengthOf(field: FieldNode): number | null {
  const first = field.arguments?.find(({ name }) => name.value === 'first');
  if (first === undefined) return null;
  if (first.value.kind !== Kind.INT) return greatestLength;
  return Math.min(Math.max(Number(first.value.value), 1), greatestLength);
}
