import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SkillNode } from '../model/choice.js';
import { forEachOpenSkill } from './open-skills.js';
import { graphOf } from './skill-graph.js';

/** Any graph at all: with circles, with skills that are their own prerequisite, with prerequisites that are not there. */
const graph = fc
  .array(fc.uniqueArray(fc.nat(12), { maxLength: 3 }), { minLength: 1, maxLength: 10 })
  .map((lists): SkillNode[] =>
    lists.map((before, id) => ({ id: `s${id}`, prerequisiteIds: before.map((one) => `s${one}`) })),
  );

it('finds what looking at every skill would find, each once', () => {
  fc.assert(
    fc.property(graph, fc.uniqueArray(fc.nat(12)), (skills, known) => {
      const mastered = new Set(known.map((one) => `s${one}`));
      const found: string[] = [];
      forEachOpenSkill(
        skills,
        (id) => mastered.has(id),
        (id) => found.push(id),
      );
      const open = skills.filter(({ id }) =>
        graphOf(skills)
          .prerequisitesOf(id)
          .every((one) => mastered.has(one)),
      );
      expect(found.sort()).toEqual(open.map(({ id }) => id).sort());
    }),
    { numRuns: 500 },
  );
});

it('does not look at what lies far behind', () => {
  const chain = Array.from({ length: 1_000 }, (_, id): SkillNode => ({
    id: `s${id}`,
    prerequisiteIds: id === 0 ? [] : [`s${id - 1}`],
  }));
  const asked = new Set<string>();
  forEachOpenSkill(
    chain,
    (id) => {
      asked.add(id);
      return id === 's0';
    },
    () => undefined,
  );
  expect([...asked].sort()).toEqual(['s0', 's1']);
});
