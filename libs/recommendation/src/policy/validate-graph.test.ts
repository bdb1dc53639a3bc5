import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkillNode } from '../model/choice.js';
import { graphOf } from './skill-graph.js';
import { validateGraph } from './validate-graph.js';

const skill = (id: string, ...prerequisiteIds: string[]): SkillNode => ({ id, prerequisiteIds });

describe('a graph', () => {
  it('is sound when nothing stands before itself, also when it is empty', () => {
    expect(validateGraph([skill('a'), skill('b', 'a'), skill('c', 'a', 'b')])).toEqual({ kind: 'sound' });
    expect(validateGraph([])).toEqual({ kind: 'sound' });
  });
  it('is refused with the circle that it has', () => {
    const circle = validateGraph([skill('a'), skill('b', 'a', 'd'), skill('c', 'b'), skill('d', 'c')]);
    expect(circle).toEqual({ kind: 'cyclic', cycle: ['b', 'd', 'c', 'b'] });
    expect(validateGraph([skill('a', 'a')])).toEqual({ kind: 'cyclic', cycle: ['a', 'a'] });
  });
  it('is refused with what it does not know, or has twice', () => {
    expect(validateGraph([skill('a', 'x'), skill('b', 'y', 'x')])).toEqual({
      kind: 'unknown-prerequisites',
      skillIds: ['x', 'y'],
    });
    expect(validateGraph([skill('a'), skill('a', 'a')])).toEqual({ kind: 'repeated', skillIds: ['a'] });
  });
});

describe('a circle at run time', () => {
  it('holds nobody up: its skills do not wait for one another, and what lies before it still does', () => {
    const graph = graphOf([skill('start'), skill('a', 'b', 'start'), skill('b', 'a'), skill('end', 'b')]);
    expect(graph.prerequisitesOf('a')).toEqual(['start']);
    expect(graph.prerequisitesOf('b')).toEqual(['start']);
    expect([...graph.prerequisitesOf('end')].sort()).toEqual(['a', 'b', 'start']);
    expect(graph.opens('a')).toBe(1);
  });

  it('ends, on any graph, and leaves no skill before itself', () => {
    const links = fc.array(fc.tuple(fc.nat(9), fc.nat(12)), { maxLength: 40 });
    fc.assert(
      fc.property(links, (pairs) => {
        const skills = Array.from({ length: 10 }, (_, id) =>
          skill(`s${id}`, ...pairs.filter(([from]) => from === id).map(([, to]) => `s${to}`)),
        );
        const graph = graphOf(skills);
        for (const { id } of skills) {
          for (const before of graph.prerequisitesOf(id)) {
            expect(before).not.toBe(id);
            expect(graph.prerequisitesOf(before)).not.toContain(id);
            expect(graph.distanceTo(id, before)).toBeGreaterThan(0);
          }
        }
      }),
    );
  });
});
