import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkillNode } from '../model/choice.js';
import { assertAcyclic, graphOf } from './skill-graph.js';

const skill = (id: string, ...prerequisiteIds: string[]): SkillNode => ({ id, prerequisiteIds });

describe('a circle of prerequisites', () => {
  it('is named, along the prerequisites', () => {
    expect(assertAcyclic([skill('a'), skill('b', 'a', 'd'), skill('c', 'b'), skill('d', 'c')])).toEqual({
      kind: 'cycle',
      skillIds: ['b', 'd', 'c'],
    });
    expect(assertAcyclic([skill('a', 'a')])).toEqual({ kind: 'cycle', skillIds: ['a'] });
  });
  it('is not a diamond, nor a prerequisite from elsewhere, nor nothing', () => {
    expect(assertAcyclic([skill('a', 'x'), skill('b', 'a'), skill('c', 'a'), skill('d', 'b', 'c')])).toEqual({
      kind: 'ok',
    });
    expect(assertAcyclic([])).toEqual({ kind: 'ok' });
  });
  it('is found in a chain of ten thousand without running out of stack', () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => skill(`s${n}`, ...(n === 0 ? [] : [`s${n - 1}`])));
    expect(assertAcyclic(chain)).toEqual({ kind: 'ok' });
    expect(assertAcyclic([skill('s0', 's9999'), ...chain.slice(1)])).toMatchObject({ kind: 'cycle' });
  });
  it('is there exactly when skills cannot be put in an order', () => {
    const graphs = fc
      .integer({ min: 1, max: 8 })
      .chain((n) => fc.array(fc.array(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }));
    fc.assert(
      fc.property(graphs, (edges) => {
        const skills = edges.map((prerequisites, id) => skill(`s${id}`, ...prerequisites.map((p) => `s${p}`)));
        const placed = new Set<string>();
        for (let round = 0; round < skills.length; round++) {
          for (const { id, prerequisiteIds } of skills) if (prerequisiteIds.every((p) => placed.has(p))) placed.add(id);
        }
        const found = assertAcyclic(skills);
        expect(found.kind).toBe(placed.size === skills.length ? 'ok' : 'cycle');
        if (found.kind === 'cycle') {
          found.skillIds.forEach((id, index) => {
            const next = found.skillIds[(index + 1) % found.skillIds.length]!;
            expect(skills.find((each) => each.id === id)!.prerequisiteIds).toContain(next);
          });
        }
      }),
    );
  });
});

it('knows what lies before and behind a skill, near and far', () => {
  const graph = graphOf([skill('a'), skill('b', 'a'), skill('c', 'b', 'a'), skill('d', 'b')]);
  expect([...graph.prerequisitesOf('c')].sort()).toEqual(['a', 'b']);
  expect(graph.opens('a')).toBe(3);
  expect(graph.opens('d')).toBe(0);
  expect(graph.find('z')).toBeNull();
});
