import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate, Choice, ChoiceInput, SkillNode } from '../model/choice.js';
import { noControls, parseCourseControls, type CourseControls } from '../model/course-controls.js';
import { checkControls } from './check-controls.js';
import { chooseNext } from './choose-next.js';
import { fringeAndBandV1 as fringeAndBand } from './fringe-and-band.js';
import { aCandidate } from '../testing/a-candidate.js';

const skills: readonly SkillNode[] = [
  { id: 'a', prerequisiteIds: [] },
  { id: 'b', prerequisiteIds: ['a'] },
  { id: 'c', prerequisiteIds: ['b'] },
  { id: 'x', prerequisiteIds: [] },
  { id: 'y', prerequisiteIds: [] },
];
const day = 86_400_000;
const now = 1_000 * day;

function exercise(activityId: string, skillId: string, more: Partial<Candidate> = {}): Candidate {
  return aCandidate(activityId, [skillId], { difficulty: -1, ...more });
}
const onePerSkill = skills.map(({ id }) => exercise(`ex-${id}`, id));

function situation(mastery: Record<string, number>, more: Partial<ChoiceInput> = {}): ChoiceInput {
  return {
    skills,
    mastery: (skillId) => ({
      skillId,
      probability: mastery[skillId] ?? 0.5,
      low: 0,
      high: 1,
      responses: skillId in mastery ? 12 : 0,
    }),
    expectedSuccess: () => 0.75,
    candidates: onePerSkill,
    sequence: 100,
    learner: { languages: ['en'], excludedModalities: [], id: 'ada' },
    now,
    ...more,
  };
}
const controls = (more: Partial<CourseControls>): { controls: CourseControls } => ({
  controls: { ...noControls(), ...more },
});
const choose = (input: ChoiceInput, seed = 'x'): Choice => chooseNext(input, fringeAndBand, seed);
function chosen(input: ChoiceInput, seed = 'x'): Extract<Choice, { kind: 'chosen' }> {
  const choice = choose(input, seed);
  if (choice.kind !== 'chosen') throw new Error(choice.reason);
  return choice;
}
const ids = (input: ChoiceInput): string[] =>
  chosen(input)
    .candidates.map(({ activityId }) => activityId)
    .sort();
const why = (input: ChoiceInput): string => {
  const choice = choose(input);
  return choice.kind === 'chosen' ? choice.reason.code : choice.reason;
};

describe('a pin', () => {
  it('comes before everything, however far beyond the learner, and says so', () => {
    const choice = chosen(situation({}, controls({ pinned: [{ activityId: 'ex-c' }], order: ['a'] })));
    expect(choice).toMatchObject({
      activityId: 'ex-c',
      probability: 1,
      reason: { code: 'pinned-by-teacher', skillId: 'c' },
    });
  });
  it('is for its learner, until its end, and until it is done', () => {
    const pinned = (pin: object, candidates = onePerSkill): string[] =>
      ids(situation({}, { candidates, ...controls({ pinned: [{ activityId: 'ex-c', ...pin }] }) }));
    expect(pinned({ forLearner: 'ada', until: now + 1 })).toEqual(['ex-c']);
    expect(pinned({ forLearner: 'bob' })).not.toContain('ex-c');
    expect(pinned({ until: now })).not.toContain('ex-c');
    const met = (more: Partial<Candidate>): Candidate[] => [...onePerSkill.slice(0, 2), exercise('ex-c', 'c', more)];
    expect(pinned({}, met({ timesSeen: 1, lastSeenSequence: 100 }))).toEqual(['ex-c']);
    expect(pinned({}, met({ timesSeen: 1, lastSeenSequence: 99 }))).not.toContain('ex-c');
    expect(pinned({}, met({ timesSeen: 4, lastSeenSequence: 99, done: false }))).toEqual(['ex-c']);
    expect(pinned({}, met({ done: true }))).not.toContain('ex-c');
  });
  it('yields to a ban, to what the learner cannot use, and to the next pin', () => {
    const both = [{ activityId: 'ex-c' }, { activityId: 'ex-b' }];
    expect(ids(situation({}, controls({ pinned: both, banned: ['ex-c'] })))).toEqual(['ex-b']);
    const learner = { languages: ['en'], excludedModalities: [], screenReader: true };
    const candidates = [exercise('ex-c', 'c', { needs: ['sight'] }), exercise('ex-b', 'b')];
    expect(ids(situation({}, { learner, candidates, ...controls({ pinned: both }) }))).toEqual(['ex-b']);
  });
  it('does nothing for what is unknown, without a skill, or handed in', () => {
    const candidates = [
      exercise('none', 'a', { skillIds: [] }),
      exercise('drawn', 'a', { kind: 'visual-assignment' }),
      exercise('ex-a', 'a'),
    ];
    const pinned = ['none', 'drawn', 'nowhere'].map((activityId) => ({ activityId }));
    expect(ids(situation({}, { candidates, ...controls({ pinned }) }))).toEqual(['ex-a']);
  });
});

describe('a ban', () => {
  it('is never broken, by no draw', () => {
    expect(ids(situation({}, controls({ banned: ['ex-a', 'nowhere'] })))).toEqual(['ex-x', 'ex-y']);
  });
  it('is named when it leaves nothing, and not when there was nothing anyway', () => {
    const banned = onePerSkill.map(({ activityId }) => activityId);
    expect(why(situation({}, controls({ banned })))).toBe('ruled-out-by-teacher');
    expect(why(situation({}, { candidates: [], ...controls({ banned }) }))).toBe('course-is-empty');
  });
});

describe('an order', () => {
  it('keeps to its earliest skill that is open and not mastered', () => {
    const order = ['y', 'x', 'a'];
    expect(ids(situation({}, controls({ order })))).toEqual(['ex-y']);
    expect(ids(situation({ y: 0.95 }, controls({ order })))).toEqual(['ex-x']);
    expect(ids(situation({}, controls({ order: ['c', 'nowhere', 'x'] })))).toEqual(['ex-x']);
  });
  it('says so where something else would have come, and only there', () => {
    expect(why(situation({ a: 0.84 }, controls({ order: ['x'] })))).toBe('ordered-by-teacher');
    expect(why(situation({ a: 0.84 }, controls({ order: ['a'] })))).toBe('practise-weakest');
  });
  it('says nothing where it is empty, mastered, closed, or has no activity', () => {
    const free = ids(situation({}));
    expect(free).toEqual(['ex-a', 'ex-x', 'ex-y']);
    for (const order of [[], ['c', 'b'], ['nowhere']]) expect(ids(situation({}, controls({ order })))).toEqual(free);
    expect(ids(situation({ x: 0.95 }, controls({ order: ['x'] })))).toContain('ex-a');
    expect(ids(situation({}, controls({ order: ['x'], banned: ['ex-x'] })))).toEqual(['ex-a', 'ex-y']);
  });
  it('comes to a repeat before it gives way', () => {
    const candidates = [exercise('ex-a', 'a'), exercise('ex-x', 'x', { timesSeen: 1, lastSeenSequence: 99 })];
    expect(ids(situation({}, { candidates, ...controls({ order: ['x'] }) }))).toEqual(['ex-x']);
  });
});

describe('a date', () => {
  const top = (input: ChoiceInput) => chosen(input).candidates[0]!;
  it('makes what serves it more urgent as it nears, for a week after it too, and then no more', () => {
    const term = (days: number): number => {
      const due = [{ skillId: 'x', at: now + days * day }];
      const { candidates } = chosen(situation({}, controls({ due })));
      const terms = candidates.find(({ activityId }) => activityId === 'ex-x')!.terms;
      return terms.find(({ name }) => name === 'due-soon')?.value ?? 0;
    };
    expect([30, 6, 3, 0, -7, -7.1].map(term)).toEqual([2 * 2 ** -10, 0.5, 1, 2, 2, 0]);
  });
  it('decides, and says so, with the days that are left', () => {
    const input = situation({ a: 0.84 }, controls({ due: [{ activityId: 'ex-y', at: now + day }] }));
    expect(top(situation({ a: 0.84 })).activityId).toBe('ex-a');
    expect(top(input).activityId).toBe('ex-y');
    const { reason } = chosen(input);
    expect(reason).toMatchObject({ code: 'due-soon', skillId: 'y', daysLeft: 1 });
  });
  it('reaches down to what has to be mastered first', () => {
    expect(top(situation({ x: 0.84 }, controls({ due: [{ skillId: 'c', at: now }] }))).activityId).toBe('ex-a');
    expect(top(situation({ x: 0.84 }, controls({ due: [{ activityId: 'ex-c', at: now }] }))).activityId).toBe('ex-a');
  });
  it('is served by a film too, that would not come as an introduction', () => {
    const film = exercise('film', 'x', { kind: 'video', modality: 'video' });
    const candidates = [...onePerSkill, film];
    const due = [{ activityId: 'film', at: now + day }];
    expect(ids(situation({ x: 0.6 }, { candidates }))).not.toContain('film');
    expect(top(situation({ x: 0.6 }, { candidates, ...controls({ due }) })).activityId).toBe('film');
  });
  it('is served no more by what is done or mastered, nor by what is unknown or no date', () => {
    const none = (mastery: Record<string, number>, due: CourseControls['due'], more: Partial<ChoiceInput> = {}) =>
      chosen(situation(mastery, { ...more, ...controls({ due }) })).candidates.every(({ terms }) =>
        terms.every(({ name }) => name !== 'due-soon'),
      );
    const seen = [exercise('ex-x', 'x', { timesSeen: 1, lastSeenSequence: 80 }), exercise('ex-y', 'y')];
    expect(none({}, [{ activityId: 'ex-x', at: now }], { candidates: seen })).toBe(true);
    expect(none({ x: 0.95 }, [{ skillId: 'x', at: now }])).toBe(true);
    expect(
      none({}, [
        { skillId: 'nowhere', at: now },
        { activityId: 'nowhere', at: now },
      ]),
    ).toBe(true);
    expect(none({}, [{ skillId: 'x', at: Number.NaN }])).toBe(true);
  });
});

it('a threshold of the course stands in for the policy’s', () => {
  expect(ids(situation({ a: 0.7 }, controls({ masteryThreshold: 0.6 })))).toContain('ex-b');
  expect(ids(situation({ a: 0.9 }, controls({ masteryThreshold: 0.95 })))).not.toContain('ex-b');
});

describe('a review that is due', () => {
  const due = (skillId: string, retrievability: number, dueAt = now - day) => [{ skillId, retrievability, dueAt }];
  const mastered = { a: 0.95, x: 0.84, y: 0.9 };

  it('competes with what is new, the more is forgotten', () => {
    const share = (retrievability: number): number =>
      chosen(situation(mastered, { dueReviews: due('y', retrievability) })).candidates.find(
        ({ activityId }) => activityId === 'ex-y',
      )!.probability;
    const shares = [0.95, 0.8, 0.6, 0.3].map(share);
    expect([...shares].sort()).toEqual(shares);
    expect(shares[0]).toBeLessThan(0.3);
    expect(shares[3]).toBeGreaterThan(0.5);
    const { reason } = chosen(
      situation({ ...mastered, x: 0.95 }, { candidates: [onePerSkill[4]!], dueReviews: due('y', 0.3) }),
    );
    expect(reason).toMatchObject({ code: 'review-due', skillId: 'y', retrievability: 0.3 });
  });
  it('comes though a prerequisite has slipped, but never for a skill that the course does not have', () => {
    const candidates = [exercise('ex-b', 'b'), exercise('stray', 'nowhere')];
    const dueReviews = [...due('b', 0.5), ...due('nowhere', 0.1)];
    expect(choose(situation({ a: 0.5, b: 0.9 }, { candidates })).kind).toBe('nothing-to-choose');
    expect(ids(situation({ a: 0.5, b: 0.9 }, { candidates, dueReviews }))).toEqual(['ex-b']);
  });
  it('is kept by an order', () => {
    expect(ids(situation(mastered, { dueReviews: due('y', 0.5), ...controls({ order: ['x'] }) }))).toEqual([
      'ex-x',
      'ex-y',
    ]);
  });
  it('does not count before its date, nor with an impossible one', () => {
    const before = chosen(situation(mastered));
    for (const dueReviews of [due('y', 0.1, now + 1), due('y', 0.1, Number.NaN), due('y', Number.NaN)]) {
      expect(chosen(situation(mastered, { dueReviews }))).toEqual(before);
    }
    const term = chosen(situation(mastered, { dueReviews: due('y', -3) })).candidates[0]!.terms.at(-1);
    expect(term).toEqual({ name: 'review-due', value: 8 });
  });
});

describe('what teachers should know of their controls', () => {
  const course = { activityIds: new Set(onePerSkill.map(({ activityId }) => activityId)), skills };
  it('is what is unknown, contradictory or over', () => {
    const given: CourseControls = {
      ...noControls(),
      pinned: [{ activityId: 'ex-a', until: now }, { activityId: 'nowhere' }],
      banned: ['ex-a', 'ex-b'],
      order: ['b', 'a', 'a', 'z'],
      due: [
        { activityId: 'ex-b', at: now },
        { skillId: 'x', at: now - 30 * day },
        { skillId: 'w', at: now + 9_999 * day },
      ],
    };
    expect(checkControls(given, course, now)).toEqual([
      { kind: 'pinned-and-banned', activityId: 'ex-a' },
      { kind: 'over', id: 'ex-a' },
      { kind: 'unknown', id: 'nowhere', in: 'pinned' },
      { kind: 'ordered-before-prerequisite', skillId: 'b', prerequisiteId: 'a' },
      { kind: 'ordered-twice', skillId: 'a' },
      { kind: 'unknown', id: 'z', in: 'order' },
      { kind: 'due-and-banned', activityId: 'ex-b' },
      { kind: 'over', id: 'x' },
      { kind: 'unknown', id: 'w', in: 'due' },
    ]);
    expect(checkControls(noControls(), course, now)).toEqual([]);
  });
  it('are stored as JSON, and nothing else is read as them', () => {
    const given = { ...noControls(), pinned: [{ activityId: 'ex-a', forLearner: 'ada' }], masteryThreshold: 0.9 };
    expect(parseCourseControls(JSON.parse(JSON.stringify(given)))).toEqual(given);
    for (const wrong of [
      null,
      { ...given, version: 2 },
      { ...given, due: [{ at: 1 }] },
      { ...given, masteryThreshold: 2 },
    ]) {
      expect(() => parseCourseControls(wrong)).toThrow(TypeError);
    }
  });
});

const someControls = fc.record({
  version: fc.constant(1 as const),
  pinned: fc.array(
    fc.record({
      activityId: fc.constantFrom('ex-a', 'ex-b', 'ex-c', 'nowhere'),
      until: fc.integer({ min: 0, max: 2 * now }),
    }),
    { maxLength: 2 },
  ),
  banned: fc.subarray(['ex-a', 'ex-b', 'ex-c', 'ex-x', 'nowhere']),
  order: fc.array(fc.constantFrom('a', 'b', 'c', 'x', 'z'), { maxLength: 4 }),
  due: fc.array(fc.record({ skillId: fc.constantFrom('a', 'c', 'z'), at: fc.integer({ min: 0, max: 2 * now }) }), {
    maxLength: 3,
  }),
  masteryThreshold: fc.constantFrom(null, 0.6, 0.9),
});
const level = fc.double({ min: 0.02, max: 0.99, noNaN: true });
const someMastery = fc.record({ a: level, b: level, c: level, x: level, y: level });
const someReviews = fc.array(
  fc.record({
    skillId: fc.constantFrom('a', 'b', 'y', 'z'),
    retrievability: level,
    dueAt: fc.integer({ min: 0, max: 2 * now }),
  }),
  { maxLength: 3 },
);

describe('laws', () => {
  it('nothing banned ever comes; a pin comes whenever it can; it is one distribution, whose terms sum', () => {
    fc.assert(
      fc.property(someControls, someMastery, someReviews, fc.string(), (given, mastery, dueReviews, seed) => {
        const input = situation(mastery, { controls: given, dueReviews });
        const choice = choose(input, seed);
        const turned = { ...input, candidates: [...onePerSkill].reverse() };
        expect(choose(turned, seed)).toEqual(choice);
        if (choice.kind !== 'chosen') return;
        const banned = new Set(given.banned);
        for (const { activityId } of choice.candidates) expect(banned.has(activityId)).toBe(false);
        const pin = given.pinned.find(
          ({ activityId, until }) => until > now && !banned.has(activityId) && activityId !== 'nowhere',
        );
        if (pin !== undefined) expect(choice.activityId).toBe(pin.activityId);
        expect(choice.reason.code === 'pinned-by-teacher').toBe(pin !== undefined);
        expect(choice.candidates.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 10);
        for (const { terms, utility } of choice.candidates) {
          expect(terms.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(utility, 10);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('no controls and no reviews are as good as none at all', () => {
    fc.assert(
      fc.property(someMastery, fc.string(), (mastery, seed) => {
        const { now: _, ...bare } = situation(mastery);
        expect(choose(situation(mastery, { controls: noControls(), dueReviews: [] }), seed)).toEqual(
          choose(bare, seed),
        );
      }),
    );
  });
});
