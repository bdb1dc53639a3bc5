import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPages, type MatchingPlan } from './match-pages.js';
import { sureMatch } from './scan-limits.js';

type Page = Parameters<typeof matchPages>[0][number];

const page = (number: number, more: Partial<Page> = {}): Page => ({
  id: `p${number}`,
  number,
  position: number,
  path: null,
  kind: 'work',
  code: null,
  ...more,
});
const classOf = (size: number): MatchingPlan['pile'] =>
  Array.from({ length: size }, (_, index) => ({
    learnerId: `l${index + 1}`,
    name: `Learner ${index + 1}`,
    externalId: null,
    email: null,
  }));
const plan = (more: Partial<MatchingPlan> = {}): MatchingPlan => ({
  pile: classOf(3),
  codes: new Map(),
  matchBy: 'order',
  pagesPerLearner: 1,
  ...more,
});
const laid = (pages: readonly Page[], more: Partial<MatchingPlan> = {}): (string | null)[] => {
  const matches = matchPages(pages, plan(more));
  return pages.map(({ id }) => matches.get(id)?.learnerId ?? null);
};

describe('pages by the order of a class', () => {
  it('are so many for each learner, one after the other', () => {
    const six = [1, 2, 3, 4, 5, 6].map((number) => page(number));
    expect(laid(six, { pagesPerLearner: 2 })).toEqual(['l1', 'l1', 'l2', 'l2', 'l3', 'l3']);
  });

  it('leave out blank pages and covers', () => {
    const pages = [page(1, { kind: 'cover' }), page(2), page(3, { kind: 'blank' }), page(4), page(5)];
    expect(laid(pages)).toEqual([null, 'l1', null, 'l2', 'l3']);
  });

  it('go by where they were put, and then by how they came', () => {
    expect(laid([page(1, { position: 9 }), page(2), page(3)])).toEqual(['l3', 'l1', 'l2']);
  });

  it('are sure only where nobody can be missing', () => {
    const confidence = (pages: number): number =>
      matchPages(
        Array.from({ length: pages }, (_, index) => page(index + 1)),
        plan(),
      ).get('p1')!.confidence;
    expect(confidence(3)).toBeGreaterThanOrEqual(sureMatch);
    for (const pages of [1, 2, 4, 6]) expect(confidence(pages)).toBeLessThan(sureMatch);
  });

  it('give no learner more pages than she has, and every page at most one', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), (count, size, each) => {
        const pages = Array.from({ length: count }, (_, index) => page(index + 1));
        const matches = matchPages(pages, plan({ pile: classOf(size), pagesPerLearner: each }));
        const counts = new Map<string, number>();
        for (const { learnerId } of matches.values()) counts.set(learnerId, (counts.get(learnerId) ?? 0) + 1);
        expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(each);
        expect(matches.size).toBe(Math.min(count, size * each));
      }),
    );
  });
});

describe('pages with codes', () => {
  const codes = new Map([
    ['A', 'l3'],
    ['B', 'l1'],
  ]);

  it('are whose the code says, in every plan; the others are laid to the rest of the class', () => {
    const pages = [page(1, { code: 'A' }), page(2), page(3, { code: 'B' })];
    expect(laid(pages, { codes })).toEqual(['l3', 'l2', 'l1']);
    expect(matchPages(pages, plan({ codes })).get('p1')).toEqual({ learnerId: 'l3', reason: 'code', confidence: 1 });
    const named = [page(1, { code: 'A', path: 'Learner 2.png' }), page(2, { path: 'Learner 2.png' })];
    expect(laid(named, { codes, matchBy: 'names' })).toEqual(['l3', 'l2']);
  });

  it('of another class tell nothing', () => {
    expect(laid([page(1, { code: 'Z' })], { codes, matchBy: 'names' })).toEqual([null]);
  });
});
