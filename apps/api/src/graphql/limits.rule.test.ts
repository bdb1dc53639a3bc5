import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { limitsRule, operationLimits } from './limits.rule.js';

const schema = buildSchema(
  'type Query { a: Query, list(first: Int): [Query!]!, page(first: Int): Page!, name: String } type Page { edges: [Query!]! }',
);
const problems = (query: string): string[] =>
  validate(schema, parse(query), [limitsRule]).map(({ message }) => message);
const nested = (depth: number): string => `{ ${'a { '.repeat(depth - 1)} name ${'}'.repeat(depth - 1)} }`;

describe('limitsRule', () => {
  it('allows an ordinary operation and the introspection that tools send', () => {
    expect(problems('{ list(first: 20) { name a { name } } }')).toEqual([]);
    expect(
      problems(
        '{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } }',
      ),
    ).toEqual([]);
  });

  it('bounds depth, also through fragments', () => {
    expect(problems(nested(operationLimits.depth))).toEqual([]);
    expect(problems(nested(operationLimits.depth + 1))).toHaveLength(1);
    const half = Math.ceil((operationLimits.depth + 1) / 2);
    const inner = 'a { '.repeat(half) + 'name' + ' }'.repeat(half);
    expect(
      problems(`{ ${'a { '.repeat(half)} ...f ${'}'.repeat(half)} } fragment f on Query { ${inner} }`),
    ).toHaveLength(1);
  });

  it('bounds aliases and fields', () => {
    const many = (count: number, prefix: string): string =>
      `{ ${Array.from({ length: count }, (_, i) => `${prefix}${i}: name`).join(' ')} }`;
    expect(problems(many(operationLimits.aliases, 'x'))).toEqual([]);
    expect(problems(many(operationLimits.aliases + 1, 'x'))).toHaveLength(1);
    expect(problems(`{ ${'name '.repeat(operationLimits.fields + 1)} }`)).toHaveLength(1);
  });

  it('multiplies by the lengths of lists, and assumes the greatest where a variable says it', () => {
    expect(problems('{ list(first: 100) { list(first: 100) { name } } }')).toHaveLength(1);
    expect(problems('query ($n: Int) { list(first: $n) { list(first: $n) { name } } }')).toHaveLength(1);
    expect(problems('query ($n: Int) { list(first: $n) { name } }')).toEqual([]);
  });

  it('takes pages at their usual length where nothing is said, also through fragments', () => {
    const pages = (depth: number): string => (depth === 0 ? 'name' : `page { edges { ${pages(depth - 1)} } }`);
    expect(problems(`{ ${pages(2)} }`)).toEqual([]);
    expect(problems(`{ ${pages(3)} }`)).toHaveLength(1);
    const hidden = `{ page { ...p } } fragment p on Page { edges { page { edges { page { edges { name } } } } } }`;
    expect(problems(hidden)).toHaveLength(1);
    expect(problems('{ page(first: 100) { edges { page(first: 10) { edges { name } } } } }')).toEqual([]);
  });

  it('survives fragments that spread one another exponentially or in a circle', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `fragment f${i} on Query { a { ...f${i + 1} } b: a { ...f${i + 1} } }`,
    ).join(' ');
    const started = performance.now();
    expect(problems(`{ ...f0 } ${bomb} fragment f30 on Query { name }`).length).toBeGreaterThan(0);
    problems('{ ...f } fragment f on Query { a { ...f } }');
    expect(performance.now() - started).toBeLessThan(500);
  });
});
