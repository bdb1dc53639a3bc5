import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycle } from './skill-order.js';

describe('findCycle', () => {
  it('finds no circle where prerequisites only point back', () => {
    const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(graphs, (links) => {
        const skills = links.map((targets, index) => ({
          id: String(index),
          prerequisiteIds: index === 0 ? [] : targets.map((target) => String(target % index)),
        }));
        expect(findCycle(skills)).toBeNull();
      }),
    );
  });

  it('names the circle, which follows prerequisites and ends where it began', () => {
    const skills = [
      { id: 'a', prerequisiteIds: ['b'] },
      { id: 'b', prerequisiteIds: ['c'] },
      { id: 'c', prerequisiteIds: ['d', 'b'] },
      { id: 'd', prerequisiteIds: [] },
    ];
    expect(findCycle(skills)).toEqual(['b', 'c', 'b']);
    expect(findCycle([{ id: 'a', prerequisiteIds: ['a'] }])).toEqual(['a', 'a']);
  });

  it('takes long chains without running out of stack', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => ({
      id: String(index),
      prerequisiteIds: [String(index + 1)],
    }));
    expect(findCycle(chain)).toBeNull();
  });
});
