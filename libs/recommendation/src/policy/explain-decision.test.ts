import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate, Choice, ChoiceInput, SkillNode } from '../model/choice.js';
import { noControls, type CourseControls } from '../model/course-controls.js';
import type { Explanation } from '../model/explanation.js';
import type { InterventionInput } from '../model/intervention.js';
import { applyChange } from './apply-change.js';
import { chooseIntervention } from './choose-intervention.js';
import { chooseNext } from './choose-next.js';
import { explainDecision, explainOffer, storedDecision, storedOffer, type Telling } from './explain-decision.js';
import { fringeAndBandV1 as fringeAndBand } from './fringe-and-band.js';
import { aCandidate } from '../testing/a-candidate.js';

const skills: readonly SkillNode[] = [
  { id: 'a', prerequisiteIds: [] },
  { id: 'b', prerequisiteIds: ['a'] },
  { id: 'x', prerequisiteIds: [] },
];
const telling: Telling = {
  names: { skillName: (id) => `Skill ${id}`, activityName: (id) => `Activity ${id}` },
  language: 'en',
};

function activity(activityId: string, skillId: string, more: Partial<Candidate> = {}): Candidate {
  return aCandidate(activityId, [skillId], { difficulty: -0.5, ...more });
}

function situation(mastery: Record<string, number>, more: Partial<ChoiceInput> = {}): ChoiceInput {
  const known = (skillId: string): number => mastery[skillId] ?? 0.5;
  return {
    skills,
    mastery: (skillId) => ({ skillId, probability: known(skillId), low: 0, high: 1, responses: 12 }),
    expectedSuccess: ({ skillIds, difficulty }) => {
      const weakest = Math.min(...skillIds.map(known));
      return 1 / (1 + Math.exp(difficulty - Math.log(weakest / (1 - weakest))));
    },
    candidates: ['a', 'b', 'x'].map((id) => activity(`on-${id}`, id)),
    sequence: 100,
    learner: { languages: [], excludedModalities: [] },
    now: 0,
    ...more,
  };
}
type Chosen = Extract<Choice, { kind: 'chosen' }>;
function chosen(input: ChoiceInput, seed = 'seed'): Chosen {
  const choice = chooseNext(input, fringeAndBand, seed);
  if (choice.kind !== 'chosen') throw new Error(choice.reason);
  return choice;
}
/** A choice of what is most probable, by whichever seed. */
function likeliest(input: ChoiceInput): Chosen {
  for (let n = 0; ; n++) {
    const choice = chosen(input, `seed-${n}`);
    if (choice.activityId === choice.candidates[0]!.activityId) return choice;
  }
}
function explained(input: ChoiceInput, more: Partial<Telling> = {}): Explanation {
  const decision = storedDecision(likeliest(input));
  return explainDecision(decision, { policy: fringeAndBand, input }, { ...telling, ...more });
}
const withControls = (more: Partial<CourseControls>): Partial<ChoiceInput> => ({
  controls: { ...noControls(), ...more },
});

describe('a decision explained', () => {
  it('has its terms, largest first, whatever their sign, without those that are 0', () => {
    const input = situation(
      { a: 0.7, x: 0.3 },
      { candidates: [activity('on-a', 'a', { timesSeen: 3, lastSeenSequence: 20 })] },
    );
    const { terms } = explained(input);
    const sizes = terms.map(({ value }) => Math.abs(value));
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    expect(terms.map(({ name }) => name)).toContain('variety');
    for (const { value } of terms) expect(value).not.toBe(0);
  });

  it('says which mastery would have led elsewhere', () => {
    const { counterfactual, sentences } = explained(situation({ a: 0.8, x: 0.6 }));
    expect(counterfactual).toMatchObject({
      change: { kind: 'mastery', skillId: 'a', from: 0.8, to: 0.85 },
      basis: 'replayed',
    });
    expect(sentences.teacher).toContain('If mastery of “Skill a” were 85% or more (it is 80%), “Activity on-');
    expect(sentences.learner).toContain('would have come first.');
  });

  it('says how often something would have to have been seen', () => {
    const candidates = [activity('new', 'x'), activity('old', 'x', { timesSeen: 1, lastSeenSequence: 5 })];
    const { counterfactual, sentences } = explained(situation({ x: 0.6 }, { candidates }));
    expect(counterfactual!.change).toEqual({ kind: 'times-seen', activityId: 'new', from: 0, to: 2 });
    expect(counterfactual!.instead).toBe('old');
    expect(sentences.teacher).toContain('If this activity had been seen 2 times instead of 0, “Activity old”');
  });

  it('names the control that decided, and what would have come without it', () => {
    const pinned = explained(situation({ x: 0.84 }, withControls({ pinned: [{ activityId: 'on-b' }] })));
    expect(pinned.counterfactual).toEqual({
      change: { kind: 'without-control', control: 'pin' },
      instead: 'on-x',
      size: 0,
      basis: 'replayed',
    });
    expect(pinned.sentences.teacher).toMatch(/^A teacher pinned this activity on “Skill b”/);
    expect(pinned.sentences.teacher).toContain('Had no teacher pinned it, “Activity on-x” would have come first.');
    expect(pinned.sentences.learner).toMatch(/^Your teacher has chosen this for you/);
    const ordered = explained(situation({ a: 0.84 }, withControls({ order: ['x'] })), { language: 'de' });
    expect(ordered.sentences.teacher).toContain('Ohne die für den Kurs festgelegte Reihenfolge wäre zuerst');
    const dated = explained(situation({ a: 0.84 }, withControls({ due: [{ skillId: 'x', at: 0 }] })));
    expect(dated.counterfactual).toMatchObject({ change: { control: 'due-date' }, instead: 'on-a' });
    expect(dated.sentences.teacher).toContain('is due today');
  });

  it('says from how well remembered on a review would not have come', () => {
    const input = situation(
      { a: 0.95, b: 0.84 },
      {
        candidates: [activity('on-a', 'a'), activity('on-b', 'b')],
        dueReviews: [{ skillId: 'a', retrievability: 0.3, dueAt: -1 }],
      },
    );
    const change = explained(input).counterfactual!.change;
    expect(change).toMatchObject({ kind: 'retrievability', skillId: 'a', from: 0.3 });
  });

  it('says that chance drew it, where something else was more probable', () => {
    const input = situation({ a: 0.6, x: 0.62 });
    const [decision] = Array.from({ length: 200 }, (_, n) => chosen(input, `s${n}`)).filter(
      ({ activityId, candidates }) => activityId !== candidates[0]!.activityId,
    );
    const { sentences } = explainDecision(storedDecision(decision!), { policy: fringeAndBand, input }, telling);
    expect(sentences.teacher).toMatch(/Chance drew it among what suits; “Activity on-.” was more probable\.$/);
    expect(sentences.learner).not.toContain('would have come');
  });

  it('has no counterfactual where nothing else could have come', () => {
    const input = situation({}, { candidates: [activity('only', 'a')] });
    const { change } = explained(input).counterfactual ?? { change: null };
    // mastery of its skill makes it a review, and it is still the only one
    expect(change).toBeNull();
  });
});

describe('from what is stored alone', () => {
  it('the largest term tells, by as much as the second is behind', () => {
    const input = situation({ a: 0.8, x: 0.6 });
    const choice = likeliest(input);
    const [first, second] = choice.candidates;
    const { counterfactual, sentences } = explainDecision(storedDecision(choice), { policy: fringeAndBand }, telling);
    const { change, instead } = counterfactual!;
    expect(instead).toBe(second!.activityId);
    if (change.kind !== 'term') throw new Error(change.kind);
    expect(first!.utility - change.from + change.to).toBeCloseTo(second!.utility, 8);
    expect(sentences.teacher).toContain(`or less instead of ${change.from.toFixed(2)}`);
    expect(sentences.learner).not.toContain('counted');
  });
  it('an order or a date that decided is known, and what a pin kept away is not', () => {
    const stored = (controls: Partial<CourseControls>): Explanation =>
      explainDecision(
        storedDecision(likeliest(situation({ a: 0.84 }, withControls(controls)))),
        { policy: fringeAndBand },
        telling,
      );
    expect(stored({ order: ['x'] }).counterfactual).toMatchObject({
      change: { control: 'order' },
      basis: 'stored-terms',
    });
    expect(stored({ order: ['x'] }).sentences.teacher).toContain('something else would have come first');
    expect(stored({ pinned: [{ activityId: 'on-b' }] }).counterfactual).toBeNull();
  });
});

describe('what a teacher is told of engagement', () => {
  const input: InterventionInput = {
    ...situation({ a: 0.6 }),
    trigger: 'bored',
    skillIds: ['a'],
    candidates: [activity('harder', 'a', { difficulty: 0 })],
    recentInterventions: [],
    item: { activityId: 'item', difficulty: -1, modality: 'text' },
  };
  const offered = (trigger: InterventionInput['trigger'], shareEngagement: boolean): Explanation => {
    const offer = chooseIntervention({ ...input, trigger }, fringeAndBand, 'x');
    if (offer.kind === 'none') throw new Error(offer.why);
    return explainOffer(storedOffer(offer), { policy: fringeAndBand, input }, { ...telling, shareEngagement });
  };
  it('is nothing, unless the learner shares it', () => {
    const kept = offered('bored', false);
    expect(kept.sentences.teacher).toBe('A change was offered while “Skill a” was practised.');
    expect(kept.termsForTeacher).toEqual([]);
    expect(kept.terms).not.toEqual([]);
    expect(kept.sentences.learner).toContain('easy for you');
    expect(offered('distracted', false).sentences.teacher).toBe(kept.sentences.teacher);
    const shared = offered('bored', true);
    expect(shared.sentences.teacher).toContain('suggests boredom');
    expect(shared.termsForTeacher).toEqual(shared.terms);
  });
  it('goes for a term of a choice as well', () => {
    const decision = storedDecision(likeliest(situation({ a: 0.6 })));
    const terms = [...decision.terms, { name: 'engagement', value: -5 }];
    const explain = (shareEngagement: boolean): Explanation =>
      explainDecision({ ...decision, terms }, { policy: fringeAndBand }, { ...telling, shareEngagement });
    expect(explain(false).terms[0]!.name).toBe('engagement');
    expect(explain(false).termsForTeacher.map(({ name }) => name)).not.toContain('engagement');
    expect(explain(false).sentences.teacher).not.toContain('engagement');
    expect(explain(true).sentences.teacher).toContain('Against it: engagement.');
  });
});

const level = fc.double({ min: 0.05, max: 0.98, noNaN: true });
const someActivity = fc.record({
  skill: fc.constantFrom('a', 'b', 'x'),
  difficulty: fc.double({ min: -2, max: 2, noNaN: true }),
  timesSeen: fc.nat(3),
});

/** An order leaves the review of a skill that four others come before, which have no part in the choice. */
const reviewBehindMany: [
  mastery: { a: number; b: number; x: number },
  activities: { skill: 'a' | 'b' | 'x'; difficulty: number; timesSeen: number }[],
  banned: string[],
  order: string[],
  retrievability: number,
  language: 'en',
] = [
  { a: 0.85, b: 0.05, x: 0.6235598277044487 },
  [
    { skill: 'x', difficulty: 0, timesSeen: 0 },
    { skill: 'a', difficulty: 0, timesSeen: 1 },
    { skill: 'b', difficulty: 0, timesSeen: 0 },
    ...Array.from({ length: 3 }, () => ({ skill: 'x' as const, difficulty: 0, timesSeen: 0 })),
  ],
  [],
  ['b', 'a'],
  0.24165840784640932,
  'en',
];

it('what would have changed the choice does change it, and each explanation has its sentences', () => {
  let replayed = 0;
  fc.assert(
    fc.property(
      fc.record({ a: level, b: level, x: level }),
      fc.array(someActivity, { minLength: 1, maxLength: 8 }),
      fc.subarray(['activity-0', 'activity-1']),
      fc.constantFrom<readonly string[]>([], ['x'], ['b', 'a']),
      fc.option(level),
      fc.constantFrom('en' as const, 'de' as const, 'zh-CN' as const),
      (mastery, activities, banned, order, retrievability, language) => {
        const candidates = activities.map(({ skill, difficulty, timesSeen }, index) =>
          activity(`activity-${index}`, skill, {
            difficulty,
            timesSeen,
            lastSeenSequence: timesSeen === 0 ? null : 50,
          }),
        );
        const dueReviews = retrievability === null ? [] : [{ skillId: 'a', retrievability, dueAt: -1 }];
        const input = situation(mastery, { candidates, dueReviews, ...withControls({ banned, order }) });
        const choice = chooseNext(input, fringeAndBand, 'x');
        if (choice.kind !== 'chosen') return;
        const explanation = explainDecision(
          storedDecision(choice),
          { policy: fringeAndBand, input },
          { ...telling, language },
        );
        for (const sentence of Object.values(explanation.sentences)) {
          expect(sentence).toMatch(/[.。]$/);
          expect(sentence).not.toMatch(/undefined|null|NaN|“”|„“| {2}/);
        }
        const { counterfactual } = explanation;
        if (counterfactual === null) return;
        replayed++;
        const { change, instead } = counterfactual;
        if (change.kind === 'term') throw new Error('not replayed');
        const after = chooseNext(applyChange(input, change), fringeAndBand, 'x');
        const first = after.kind === 'chosen' ? after.candidates[0]!.activityId : null;
        expect(first).toBe(instead);
        expect(first).not.toBe(choice.candidates[0]!.activityId);
      },
    ),
    { examples: [reviewBehindMany] },
  );
  expect(replayed).toBeGreaterThan(30);
});
