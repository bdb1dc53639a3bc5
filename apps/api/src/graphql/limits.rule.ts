import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** What one operation may ask for. Introspection is exempt from depth and cost: the schema is public. */
export const operationLimits = {
  /** Tokens of a document; more are not even parsed. */
  tokens: 4_000,
  /** Levels of nested fields. */
  depth: 10,
  /** Fields after fragments are spread. */
  fields: 500,
  /** Fields under another name than their own. */
  aliases: 30,
  /** Fields times the lengths of the lists that they stand in. */
  cost: 5_000,
} as const;

/** Length of a page where the operation does not say, and where it says so by a variable, which may be anything. */
const usualLength = 20;
const greatestLength = 100;

interface Tally {
  fields: number;
  aliases: number;
  depth: number;
  cost: number;
}

interface Place {
  readonly depth: number;
  /** How often a field here is answered. */
  readonly factor: number;
  /** Whether the length of the list around this is in the factor. */
  readonly isMeasured: boolean;
  /** Fragments that this stands in. */
  readonly spread: readonly string[];
}

/** Refuses operations beyond the limits before anything is executed. Fragments count where they are spread. */
export function limitsRule(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of context.getDocument().definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return {
    OperationDefinition(operation) {
      const tally: Tally = { fields: 0, aliases: 0, depth: 0, cost: 0 };
      count(operation.selectionSet, fragments, tally, { depth: 1, factor: 1, isMeasured: false, spread: [] });
      for (const name of ['fields', 'aliases', 'depth', 'cost'] as const) {
        if (tally[name] > operationLimits[name]) {
          const message = `The operation has a ${name} of ${tally[name]} or more; at most ${operationLimits[name]} is allowed.`;
          context.reportError(
            new GraphQLError(message, { nodes: operation, extensions: { code: 'QUERY_TOO_COMPLEX' } }),
          );
        }
      }
    },
  };
}

function count(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  tally: Tally,
  place: Place,
): void {
  for (const selection of set.selections) {
    // A document that is beyond a limit already need not be counted to its end.
    if (tally.fields > operationLimits.fields || tally.cost > operationLimits.cost) return;
    if (selection.kind === Kind.FIELD) {
      if (selection.alias) tally.aliases++;
      tally.fields++;
      if (selection.name.value.startsWith('__')) continue;
      tally.cost += place.factor;
      tally.depth = Math.max(tally.depth, place.depth);
      if (!selection.selectionSet) continue;
      const length = lengthOf(selection) ?? (selection.name.value === 'edges' && !place.isMeasured ? usualLength : 1);
      count(selection.selectionSet, fragments, tally, {
        depth: place.depth + 1,
        factor: place.factor * length,
        isMeasured: lengthOf(selection) !== null,
        spread: place.spread,
      });
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      count(selection.selectionSet, fragments, tally, place);
    } else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (fragment === undefined || place.spread.includes(name)) continue;
      count(fragment.selectionSet, fragments, tally, { ...place, spread: [...place.spread, name] });
    }
  }
}

/** How many items a field asks for; null when it does not say. */
function lengthOf(field: FieldNode): number | null {
  const first = field.arguments?.find(({ name }) => name.value === 'first');
  if (first === undefined) return null;
  if (first.value.kind !== Kind.INT) return greatestLength;
  return Math.min(Math.max(Number(first.value.value), 1), greatestLength);
}
