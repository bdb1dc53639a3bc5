import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { emptyMastery } from '#libs/mastery';
import type { Candidate, Choice, ChoiceInput, SkillNode } from '../model/choice.js';
import { interventionTriggers, type RecentIntervention } from '../model/intervention.js';
import { chooseIntervention } from './choose-intervention.js';
import { chooseNext } from './choose-next.js';
import { fringeAndBand, isMastered } from './fringe-and-band.js';
import { aModel } from '../simulation/model-of.js';
import { validateGraph } from './validate-graph.js';
import { aCandidate as activity } from '../testing/a-candidate.js';

const chain: readonly SkillNode[] = [
  { id: 'a', prerequisiteIds: [] },
  { id: 'b', prerequisiteIds: ['a'] },
];

function situation(candidates: readonly Candidate[], more: Partial<ChoiceInput> = {}, mastery = 0.5): ChoiceInput {
  return {
    skills: chain,
    mastery: (skillId) => ({ skillId, probability: mastery, low: 0, high: 1, responses: 5 }),
    expectedSuccess: () => 0.75,
    candidates,
    sequence: 100,
    learner: { languages: [], excludedModalities: [] },
    ...more,
  };
}
const choose = (input: ChoiceInput): Choice => chooseNext(input, fringeAndBand, 'seed');
const outcome = (input: ChoiceInput): string => {
  const choice = choose(input);
  return choice.kind === 'chosen' ? choice.activityId : choice.reason;
};

describe('choosing answers', () => {
  it('a circle of prerequisites: its skills can be learnt, what lies behind it waits', () => {
    const skills: readonly SkillNode[] = [
      { id: 'a', prerequisiteIds: ['b'] },
      { id: 'b', prerequisiteIds: ['a'] },
      { id: 'c', prerequisiteIds: ['b'] },
    ];
    expect(validateGraph(skills)).toEqual({ kind: 'cyclic', cycle: ['a', 'b', 'a'] });
    expect(outcome(situation([activity('ex-a', ['a'])], { skills }))).toBe('ex-a');
    expect(outcome(situation([activity('ex-c', ['c'])], { skills }))).toBe('nothing-fits-the-learner');
  });

  it('an activity without skills: it never comes, and alone it is no course', () => {
    expect(outcome(situation([activity('none', []), activity('ex-a', ['a'])]))).toBe('ex-a');
    expect(outcome(situation([activity('none', [])]))).toBe('course-is-empty');
  });

  it('a number from the future: it counts as just seen', () => {
    const later = activity('later', ['a'], { timesSeen: 1, lastSeenSequence: 150 });
    expect(outcome(situation([later, activity('ex-a', ['a'])]))).toBe('ex-a');
    expect(choose(situation([later]))).toMatchObject({ activityId: 'later', reason: { responsesSinceSeen: 0 } });
  });

  it('unknown ids: what is of no skill of the course does not come, and unknown prerequisites are judged by mastery', () => {
    const skills = [{ id: 'a', prerequisiteIds: ['elsewhere'] }];
    expect(outcome(situation([activity('stray', ['nowhere'])]))).toBe('nothing-fits-the-learner');
    expect(outcome(situation([activity('ex-a', ['a'])], { skills }))).toBe('nothing-fits-the-learner');
    expect(outcome(situation([activity('ex-a', ['a'])], { skills }, 0.9))).toBe('ex-a');
  });

  it('an empty course, with or without skills', () => {
    expect(outcome(situation([]))).toBe('course-is-empty');
    expect(outcome(situation([], { skills: [] }))).toBe('course-is-empty');
    expect(outcome(situation([activity('ex-a', ['a'])], { skills: [] }))).toBe('nothing-fits-the-learner');
  });

  it('a learner who has mastered everything: reviews, and when these were just seen, that there is nothing', () => {
    expect(choose(situation([activity('ex-a', ['a'])], {}, 0.95))).toMatchObject({
      reason: { code: 'review-mastered' },
    });
    const seen = activity('ex-a', ['a'], { timesSeen: 1, lastSeenSequence: 99 });
    expect(outcome(situation([seen], {}, 0.95))).toBe('everything-mastered-and-seen');
  });
});

describe('offers answer', () => {
  const help = [
    activity('about-a', ['a'], { kind: 'explanation' }),
    activity('about-none', [], { kind: 'explanation' }),
  ];
  const offer = (more: object) =>
    chooseIntervention(
      { ...situation(help), trigger: 'confused', skillIds: ['b'], recentInterventions: [], ...more },
      fringeAndBand,
      'seed',
    );

  it.each(interventionTriggers)('unknown skills, or none, when the trigger is %s', (trigger) => {
    expect(offer({ trigger, skillIds: [] })).toEqual({ kind: 'none', why: 'nothing-fits' });
    const unknown = offer({ trigger, skillIds: ['nowhere'] });
    // a break needs no activity
    if (trigger === 'distracted') expect(unknown).toMatchObject({ kind: 'break', reason: { skillId: 'nowhere' } });
    else expect(unknown).toEqual({ kind: 'none', why: 'nothing-fits' });
  });

  it('a circle of prerequisites', () => {
    const skills = [
      { id: 'a', prerequisiteIds: ['b'] },
      { id: 'b', prerequisiteIds: ['a'] },
    ];
    expect(offer({ skills })).toEqual({ kind: 'none', why: 'nothing-fits' });
    expect(offer({ skills, skillIds: ['a'] })).toMatchObject({ kind: 'offer', activityId: 'about-a' });
  });

  it('an offer from the future: it counts as just made', () => {
    const recentInterventions = [
      { activityId: 'one', sequence: 140 },
      { activityId: 'two', sequence: 150 },
    ];
    expect(offer({ recentInterventions })).toEqual({ kind: 'none', why: 'capped' });
  });
});

const model = aModel(['a', 'b'], []);

it('a learner who answers at random is never without work, never let ahead of herself, and not pestered', () => {
  const { window, perWindow } = fringeAndBand.interventions;
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (seed, dismisses) => {
      const rng = seededRng(seed);
      let mastery = emptyMastery();
      const seen = new Map<string, number>();
      const offers: RecentIntervention[] = [];
      const pieces = chain.flatMap(({ id }) => [
        ...[-1, 0, 1].map((difficulty) => activity(`ex-${id}-${difficulty}`, [id], { difficulty })),
        ...[1, 2, 3].map((n) => activity(`help-${id}-${n}`, [id], { kind: 'worked-example' })),
      ]);
      for (let sequence = 0; sequence < 120; sequence++) {
        const input: ChoiceInput = {
          ...situation([]),
          mastery: (skillId) => model.estimate(mastery, skillId),
          expectedSuccess: (item) => model.probabilityOf(mastery, item),
          candidates: pieces.map((each) => {
            const last = seen.get(each.activityId) ?? null;
            return { ...each, timesSeen: last === null ? 0 : 1, lastSeenSequence: last };
          }),
          sequence,
        };
        const choice = chooseNext(input, fringeAndBand, `${seed}-${sequence}`);
        if (choice.kind !== 'chosen') throw new Error(choice.reason);
        const item = pieces.find(({ activityId }) => activityId === choice.activityId)!;
        if (item.skillIds[0] === 'b') expect(isMastered(model.estimate(mastery, 'a'), fringeAndBand)).toBe(true);
        seen.set(choice.activityId, sequence);
        mastery = model.update(mastery, { item, correct: rng() < 0.25, at: 0 }).state;
        const offered = chooseIntervention(
          { ...input, trigger: 'guessing', skillIds: item.skillIds, recentInterventions: offers },
          fringeAndBand,
          `${seed}-help-${sequence}`,
        );
        if (offered.kind === 'offer') {
          const within = offers.filter((recent) => sequence - recent.sequence < window);
          expect(within.length).toBeLessThan(perWindow);
          offers.push({
            activityId: offered.activityId,
            sequence,
            reaction: dismisses ? 'dismissed' : 'accepted',
          });
        }
      }
      // one more dismissal, one more window before the next two
      if (dismisses) expect(offers.length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 10 },
  );
});
