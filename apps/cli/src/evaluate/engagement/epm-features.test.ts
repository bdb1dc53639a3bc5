import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featuresAt, leavesAfter, momentsOf, presenceRule, usualSecondsOf } from './epm-features.js';
import { activityKinds, type ActivityKind, type ActivityRow, type Visit } from './epm-records.js';

function aRow(from: number, to: number, given: Partial<ActivityRow> = {}): ActivityRow {
  return { exercise: 'Es_1_1', kind: 'Deeds', from, to, idle: 0, wheel: 0, clicks: 0, movement: 0, keys: 0, ...given };
}

/** Stretches without a gap, from 0: what is done, and for how long. */
function aVisit(...stretches: readonly (readonly [ActivityKind, number])[]): Visit {
  let from = 0;
  const rows = stretches.map(([kind, seconds]) => {
    const row = aRow(from, from + seconds, { kind });
    from += seconds;
    return row;
  });
  return { student: '1', session: '1', rows };
}

const rows = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...activityKinds),
      exercise: fc.constantFrom('Es', 'Es_1_1', 'Es_1_2'),
      seconds: fc.integer({ min: 1, max: 400 }),
      keys: fc.nat({ max: 50 }),
      clicks: fc.nat({ max: 9 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((drawn) => {
    let from = 0;
    return drawn.map(({ kind, exercise, seconds, keys, clicks }) => {
      const row = aRow(from, from + seconds, { kind, exercise, keys, clicks, idle: seconds / 2 });
      from += seconds;
      return row;
    });
  });

describe('what is known at a moment', () => {
  it('does not depend on what comes', () => {
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 2_000 }), (known, other, at) => {
        const moment = { at, exercise: 'Es_1_1' };
        const past = known.filter(({ from }) => from < at);
        // A stretch under way may go on for as long as it likes, with whatever is done in it.
        const longer = past.map((row) => (row.to > at ? { ...row, to: row.to + 500, keys: 99, idle: 0 } : row));
        const future = other.map((row) => ({ ...row, from: row.from + at, to: row.to + at }));
        const one: Visit = { student: '1', session: '1', rows: past };
        const another: Visit = { student: '1', session: '1', rows: [...longer, ...future] };
        expect(featuresAt(another, moment, 300)).toEqual(featuresAt(one, moment, 300));
        expect(presenceRule(another, [moment])).toEqual(presenceRule(one, [moment]));
      }),
    );
  });

  it('is as much for every moment, and all of it numbers', () => {
    const visit = aVisit(['Deeds', 700], ['Other', 20], ['Study', 700]);
    const known = [1, 650, 1_400].map((at) => featuresAt(visit, { at, exercise: 'Es_1_1' }, 300));
    const flat = known.map(({ presence, pace, doing }) => [...presence, ...pace, ...doing]);
    expect(new Set(flat.map(({ length }) => length)).size).toBe(1);
    expect(flat.flat().every(Number.isFinite)).toBe(true);
  });
});

describe('moments', () => {
  it('come every two minutes while a student is in the course', () => {
    const visit = aVisit(['Deeds', 700], ['Other', 100], ['Study', 400]);
    expect(momentsOf(visit).map(({ at }) => at)).toEqual([600, 840, 960, 1080]);
  });

  it('ask for stays elsewhere that begin within two minutes', () => {
    const visit = aVisit(['Deeds', 700], ['Other', 9], ['Study', 400]);
    expect([580, 581, 700, 701].map((at) => leavesAfter(visit, at, 0))).toEqual([false, true, true, false]);
    expect(leavesAfter(visit, 700, 10)).toBe(false);
  });
});

describe('the presence rule', () => {
  it('speaks after three stays elsewhere in five minutes, and falls silent again', () => {
    const visit = aVisit(
      ['Deeds', 500],
      ['Other', 5],
      ['Deeds', 30],
      ['Other', 5],
      ['Deeds', 30],
      ['Other', 5],
      ['Deeds', 900],
    );
    const at = [530, 600, 1_200].map((seconds) => ({ at: seconds, exercise: 'Es_1_1' }));
    const said = presenceRule(visit, at);
    expect(said[0]).toBe(0);
    expect(said[1]).toBeGreaterThan(0.5);
    expect(said[2]).toBe(0);
    // The third begins at this very moment.
    expect(presenceRule(visit, [{ at: 570, exercise: 'Es_1_1' }])).toEqual([0]);
  });
});

describe('what is usual', () => {
  it('is the median over visits', () => {
    const visits = [100, 300, 200].map((seconds) => aVisit(['Deeds', seconds]));
    expect(usualSecondsOf(visits).get('Es_1_1')).toBe(200);
  });
});
