import { expect, it } from 'vitest';
import type { SkillNode } from '../model/choice.js';
import { graphOf } from './skill-graph.js';

const skill = (id: string, ...prerequisiteIds: string[]): SkillNode => ({ id, prerequisiteIds });

it('knows what lies before and behind a skill, near and far', () => {
  const graph = graphOf([skill('a'), skill('b', 'a'), skill('c', 'b', 'a'), skill('d', 'b')]);
  expect([...graph.prerequisitesOf('c')].sort()).toEqual(['a', 'b']);
  expect(graph.opens('a')).toBe(3);
  expect(graph.opens('d')).toBe(0);
  expect(graph.find('z')).toBeNull();
});

it('knows where a skill stands, and which of some skills most others wait for', () => {
  const graph = graphOf([skill('a'), skill('b'), skill('c', 'b'), skill('d', 'c'), skill('e')]);
  expect(['a', 'c', 'e', 'z'].map((id) => graph.placeOf(id))).toEqual([0, 2, 4, 5]);
  expect(graph.byReach(['e', 'd', 'c', 'b', 'a'])).toEqual(['b', 'c', 'a', 'd', 'e']);
});
