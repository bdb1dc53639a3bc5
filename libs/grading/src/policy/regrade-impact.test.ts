import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regradeImpact, type Regraded } from './regrade-impact.js';

const points = (total: number, maximum = 4) => ({ total, maximum });
const work = (submissionId: string, before: Regraded['before'], after: Regraded['after']): Regraded => ({
  submissionId,
  before,
  after,
});

describe('what grading anew would do', () => {
  it('counts who is affected, and by how much', () => {
    const impact = regradeImpact(
      [
        work('same', points(2), points(2)),
        work('same share', points(2), points(4, 8)),
        work('higher', points(1), points(2)),
        work('lower', points(4), points(1)),
        work('lost', points(4), null),
        work('found', null, points(4)),
        work('nothing', null, null),
      ],
      10,
    );
    expect(impact).toMatchObject({ affected: 4, higher: 1, lower: 1, ungraded: 1 });
    expect(impact.meanChange).toBeCloseTo((0 + 0 + 0.25 - 0.75) / 4, 12);
    expect(impact.changes.map(({ submissionId, change }) => [submissionId, change])).toEqual([
      ['lower', -0.75],
      ['higher', 0.25],
      ['lost', null],
      ['found', null],
    ]);
  });

  const anyPoints = fc.option(fc.integer({ min: 0, max: 10 }).map((total) => points(total, 10)));
  const works = fc.array(fc.tuple(fc.uuid(), anyPoints, anyPoints).map((each) => work(...each)));

  it('is nothing where nothing changes, and turns with its sign when before and after are exchanged', () => {
    fc.assert(
      fc.property(works, (each) => {
        const same = regradeImpact(
          each.map((one) => ({ ...one, after: one.before })),
          100,
        );
        expect(same).toMatchObject({ affected: 0, higher: 0, lower: 0, ungraded: 0, meanChange: 0, changes: [] });
        const [there, back] = [
          regradeImpact(each, 100),
          regradeImpact(
            each.map(({ submissionId, before, after }) => work(submissionId, after, before)),
            100,
          ),
        ];
        expect([back.affected, back.higher, back.lower]).toEqual([there.affected, there.lower, there.higher]);
        expect(back.meanChange).toBeCloseTo(-there.meanChange, 12);
      }),
    );
  });
});
