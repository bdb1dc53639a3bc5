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
