import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkillNode } from '../model/choice.js';
import type { Suspect } from '../model/intervention.js';
import { fringeAndBand } from './fringe-and-band.js';
import { suspectsOf } from './suspects.js';

const chain: readonly SkillNode[] = [
  { id: 'cell', prerequisiteIds: [] },
  { id: 'nucleus', prerequisiteIds: ['cell'] },
  { id: 'mitosis', prerequisiteIds: ['nucleus'] },
];
const suspects = (
  mastery: Record<string, number>,
  skillIds: readonly string[] = ['mitosis'],
  skills = chain,
): readonly Suspect[] =>
  suspectsOf(
    {
      skillIds,
      skills,
      mastery: (skillId) => ({ skillId, probability: mastery[skillId] ?? 0.5, low: 0, high: 1, responses: 12 }),
    },
    fringeAndBand,
  );

describe('what explains an error', () => {
  it('is what is probably lacking, by the formula', () => {
    const wrong = 1 - 0.9 * (1 - 0.4) * (1 - 0.9 * 0.5) * (1 - 0.81 * 0.7);
    const found = suspects({ mitosis: 0.6, nucleus: 0.5, cell: 0.3 });
    expect(found.map(({ skillId }) => skillId)).toEqual(['cell', 'nucleus', 'mitosis']);
    expect(found[0]!.responsibility).toBeCloseTo((0.81 * 0.7) / wrong, 12);
    expect(found[2]!.responsibility).toBeCloseTo(0.4 / wrong, 12);
    for (const { forSkillId } of found) expect(forSkillId).toBe('mitosis');
  });
  it('is the skill itself where what it stands on is hardly weaker, or further away', () => {
    expect(suspects({ mitosis: 0.5, nucleus: 0.48, cell: 0.9 })[0]!.skillId).toBe('mitosis');
  });
  it('is never what is mastered, or stronger than all that stands on it', () => {
    expect(suspects({ mitosis: 0.95, nucleus: 0.9, cell: 0.9 }).map(({ skillId }) => skillId)).toEqual(['mitosis']);
    expect(suspects({ mitosis: 0.3, nucleus: 0.5, cell: 0.4 }).map(({ skillId }) => skillId)).toEqual(['mitosis']);
  });
  it('is nothing for an item without skills, and the skill alone for an unknown one', () => {
    expect(suspects({}, [])).toEqual([]);
    expect(suspects({}, ['elsewhere']).map(({ skillId }) => skillId)).toEqual(['elsewhere']);
  });
});

it('is a probability each, grows with the lack, and ends on a circle', () => {
  const level = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  const links = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 12 });
  fc.assert(
    fc.property(links, fc.array(level, { minLength: 6, maxLength: 6 }), level, (pairs, levels, less) => {
      const skills = levels.map((_, id) => ({
        id: `s${id}`,
        prerequisiteIds: pairs.filter(([from]) => from === id).map(([, to]) => `s${to}`),
      }));
      const mastery = Object.fromEntries(levels.map((value, id) => [`s${id}`, value]));
      const found = suspects(mastery, ['s0', 's1'], skills);
      for (const { responsibility } of found) {
        expect(responsibility).toBeGreaterThan(0);
        expect(responsibility).toBeLessThanOrEqual(1);
      }
      const before = found.find(({ skillId }) => skillId === 's0')!.responsibility;
      const weaker = suspects({ ...mastery, s0: mastery['s0']! * less }, ['s0', 's1'], skills);
      expect(weaker.find(({ skillId }) => skillId === 's0')!.responsibility).toBeGreaterThanOrEqual(before - 1e-12);
    }),
  );
});
