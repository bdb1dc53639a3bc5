import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WaitingWork } from '../queue.ports.js';
import { isAfter, rankQueue } from './rank-queue.js';

const at = new Date('2026-05-01T12:00:00Z');
const hour = 3_600_000;

const lost = (criterionId: string) => ({ criterionId, error: 'missing' as const, awarded: 0, points: 1 });
const aWork = (submissionId: string, more: Partial<WaitingWork> = {}): WaitingWork => ({
  submissionId,
  assignmentId: 'drawing',
  receivedAt: at,
  waits: true,
  isAskedAbout: false,
  score: { id: `of ${submissionId}`, confidence: 0.8, flags: [], lost: [lost('left')] },
  ...more,
});
const found = (...criteria: string[]) => ({ score: { ...aWork('x').score!, lost: criteria.map(lost) } });
const order = (works: readonly WaitingWork[]) => rankQueue(works, at).works.map(({ submissionId }) => submissionId);

describe('the order of the queue', () => {
  it('has the unsure, the many and the long waiting first', () => {
    const alone = aWork('a');
    expect(order([alone, aWork('b', { score: { ...alone.score!, confidence: 0.2, lost: [] } })])).toEqual(['b', 'a']);
    expect(order([aWork('a', found('right')), aWork('b'), aWork('c')])).toEqual(['b', 'c', 'a']);
    expect(order([aWork('a'), aWork('b', { receivedAt: new Date(at.getTime() - hour) })])).toEqual(['b', 'a']);
  });

  it('looks at what nobody scored, and at what is asked about, as at what is wholly unsure', () => {
    const { works } = rankQueue([aWork('a'), aWork('b', { score: null }), aWork('c', { isAskedAbout: true })], at);
    expect(works.map(({ submissionId, value }) => [submissionId, value])).toEqual([
      ['b', 1],
      ['c', 1],
      ['a', expect.closeTo(0.24, 9)],
    ]);
  });

  it('makes groups of works of one assignment in which the same was found', () => {
    const works = [aWork('a'), aWork('b'), aWork('c', found('right')), aWork('d', { assignmentId: 'other' })];
    const groups = rankQueue(works, at).groups.map((group) => [group.id, group.works.length]);
    expect(groups).toEqual([
      ['a', 2],
      ['c', 1],
      ['d', 1],
    ]);
  });

  const anyWork = fc
    .record({
      id: fc.uuid(),
      confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      criterion: fc.constantFrom('left', 'right'),
      hours: fc.integer({ min: 0, max: 100 }),
      asked: fc.boolean(),
    })
    .map(({ id, confidence, criterion, hours, asked }) =>
      aWork(id, {
        receivedAt: new Date(at.getTime() - hours * hour),
        isAskedAbout: asked,
        score: confidence === null ? null : { id: `of ${id}`, confidence, flags: [], lost: [lost(criterion)] },
      }),
    );
  const anyQueue = fc.uniqueArray(anyWork, { selector: ({ submissionId }) => submissionId, maxLength: 30 });

  it('does not depend on how the works come', () => {
    fc.assert(
      fc.property(anyQueue, (works) => {
        expect(order(works.toReversed())).toEqual(order(works));
      }),
    );
  });

  it('stays the same for what is left while others are settled, so that pages leave out and repeat nothing', () => {
    fc.assert(
      fc.property(anyQueue, fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean()), (works, first, settled) => {
        const whole = order(works);
        const read: string[] = [];
        let [present, after] = [works, null as Parameters<typeof isAfter>[0]];
        for (let turn = 0; turn <= works.length; turn++) {
          const page = rankQueue(present, at)
            .works.filter(({ submissionId: id, value }) => isAfter(after, { value, id }))
            .slice(0, first);
          const last = page.at(-1);
          if (last === undefined) break;
          read.push(...page.map(({ submissionId }) => submissionId));
          after = { at, value: last.value, id: last.submissionId };
          // What she has read she may have settled since.
          present = present.map((work, index) => ({
            ...work,
            waits: work.waits && !(read.includes(work.submissionId) && (settled[index] ?? true)),
          }));
        }
        expect(read).toEqual(whole);
      }),
    );
  });
});
