import { getIntrospectionQuery, Kind, parse, visit, type DocumentNode, type SelectionSetNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { excessOf, operationLimits } from './operation-limits.js';

const excess = (query: string): string | null => excessOf(parse(query));
const times = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');
const nested = (depth: number): string => `{ ${'a { '.repeat(depth - 1)} name ${'}'.repeat(depth - 1)} }`;

/** Counts how often a selection set is read, and ends who reads without end. */
function watched(query: string): { document: DocumentNode; readings: () => number } {
  let readings = 0;
  const document = visit(parse(query), {
    SelectionSet: {
      leave: ({ selections, ...set }): SelectionSetNode => ({
        ...set,
        kind: Kind.SELECTION_SET,
        get selections() {
          if (++readings > 100_000) throw new Error('This would go on for ever.');
          return selections;
        },
      }),
    },
  });
  readings = 0;
  return { document, readings: () => readings };
}

describe('excessOf', () => {
  it('allows an ordinary operation and the introspection that tools send', () => {
    expect(excess('{ list(first: 20) { name a { name } } }')).toBeNull();
    expect(excess(getIntrospectionQuery())).toBeNull();
    const all = {
      descriptions: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    expect(excess(getIntrospectionQuery({ ...all, specifiedByUrl: true }))).toBeNull();
  });

  it('bounds depth, also through fragments', () => {
    expect(excess(nested(operationLimits.depth))).toBeNull();
    expect(excess(nested(operationLimits.depth + 1))).toContain('depth 11');
    const half = Math.ceil((operationLimits.depth + 1) / 2);
    const inner = 'a { '.repeat(half) + 'name' + ' }'.repeat(half);
    expect(excess(`{ ${'a { '.repeat(half)} ...f ${'}'.repeat(half)} } fragment f on Query { ${inner} }`)).toContain(
      'depth',
    );
  });

  it('bounds aliases, fields and spreads', () => {
    const { aliases, fields, spreads } = operationLimits;
    expect(excess(`{ ${times(aliases, (i) => `x${i}: name`)} }`)).toBeNull();
    expect(excess(`{ ${times(aliases + 1, (i) => `x${i}: name`)} }`)).toContain('aliases 31');
    expect(excess(`{ ${'name '.repeat(fields)} }`)).toBeNull();
    expect(excess(`{ ${'name '.repeat(fields + 1)} }`)).toContain('fields 501');
    expect(excess(`{ ${'...f '.repeat(spreads)} } fragment f on Query { __typename }`)).toBeNull();
    expect(excess(`{ ${'...f '.repeat(spreads + 1)} } fragment f on Query { __typename }`)).toContain('fields 501');
    expect(excess(`{ ${'...f '.repeat(spreads + 1)} }`)).toContain('spreads 501');
  });

  it('bounds what no operation uses, and each of several operations', () => {
    const tooMany = 'name '.repeat(operationLimits.fields + 1);
    expect(excess(`{ name } fragment f on Query { ${tooMany} }`)).toContain('fields');
    expect(excess(`query A { name } query B { ${tooMany} }`)).toContain('fields');
  });

  it('multiplies by the lengths of lists, and assumes the greatest where a variable says it', () => {
    expect(excess('{ list(first: 100) { list(first: 100) { name } } }')).toContain('cost');
    expect(excess('query ($n: Int) { list(first: $n) { list(first: $n) { name } } }')).toContain('cost');
    expect(excess('query ($n: Int) { list(first: $n) { name } }')).toBeNull();
  });

  it('takes pages at their usual length where nothing is said, also through fragments', () => {
    const pages = (depth: number): string => (depth === 0 ? 'name' : `page { edges { ${pages(depth - 1)} } }`);
    expect(excess(`{ ${pages(2)} }`)).toBeNull();
    expect(excess(`{ ${pages(3)} }`)).toContain('cost');
    const hidden = `{ page { ...p } } fragment p on Page { edges { page { edges { page { edges { name } } } } } }`;
    expect(excess(hidden)).toContain('cost');
    expect(excess('{ page(first: 100) { edges { page(first: 10) { edges { name } } } } }')).toBeNull();
  });

  it('measures one fragment by each place in which it stands', () => {
    const twice = `{ page(first: 1) { ...p } page { ...p } } fragment p on Page { edges { a { list(first: 100) { x y z } } } }`;
    expect(excess(twice)).toContain('cost');
    expect(excess(twice.replace('page { ...p }', ''))).toBeNull();
  });

  it('bounds introspection: its aliases, its fields, and its lists in lists', () => {
    expect(excess(`{ __schema { ${times(31, (i) => `t${i}: types { name }`)} } }`)).toContain('aliases');
    expect(excess(`{ __type(name: "Query") { ${'name '.repeat(501)} } }`)).toContain('fields');
    const wide = 'description '.repeat(100);
    expect(excess(`{ __schema { types { fields { args { ${wide} } } } } }`)).toContain('introspection');
  });

  it('refuses aliases of introspection that fragments multiply', () => {
    const attack = `{ __schema { ${times(100, (i) => `t${i}: types { ...T }`)} } }
      fragment T on __Type { ${times(60, (i) => `f${i}: fields { ...F }`)} }
      fragment F on __Field { ${times(300, (i) => `n${i}: name`)} }`;
    const { document, readings } = watched(attack);
    expect(excessOf(document)).toMatch(/fields|aliases/);
    expect(readings()).toBeLessThan(1_000);
  });

  it.each([
    ['that end in themselves', (last: number) => `fragment f${last} on Query { ...f0 }`],
    ['that end in nothing', () => ''],
    ['that hold a field', (last: number) => `fragment f${last} on Query { name }`],
  ])('reads fragments that double sixty times once or twice each: %s', (_, end) => {
    const doubling = times(59, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`);
    const { document, readings } = watched(`{ ...f0 } ${doubling} ${end(59)}`);
    expect(excessOf(document)).toMatch(/fields|spreads/);
    expect(readings()).toBeLessThan(300);
  });

  it('reads fields that fragments double once or twice each, also in a circle', () => {
    const doubling = times(60, (i) => `fragment f${i} on Query { a { ...f${i + 1} } b: a { ...f${i + 1} } }`);
    for (const end of ['fragment f60 on Query { name }', 'fragment f60 on Query { a { ...f0 } }']) {
      const { document, readings } = watched(`{ ...f0 } ${doubling} ${end}`);
      expect(excessOf(document)).not.toBeNull();
      expect(readings()).toBeLessThan(1_000);
    }
  });
});
