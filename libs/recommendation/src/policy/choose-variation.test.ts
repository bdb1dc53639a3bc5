import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../model/choice.js';
import { noControls } from '../model/course-controls.js';
import { emptyHelpBandit } from '../model/help-bandit.js';
import { interventionTriggers, type Intervention, type InterventionInput } from '../model/intervention.js';
import { chooseIntervention } from './choose-intervention.js';
import { fringeAndBand } from './fringe-and-band.js';
import { rewarded } from './help-bandit.js';
import { dismissalsInARow } from './offer-cap.js';

function activity(activityId: string, more: Partial<Candidate> = {}): Candidate {
  return {
    activityId,
    kind: 'exercise',
    modality: 'text',
    language: 'en',
    skillIds: ['mitosis'],
    difficulty: 0,
    timesSeen: 0,
    lastSeenSequence: null,
    ...more,
  };
}

function asks(more: Partial<InterventionInput> = {}): InterventionInput {
  return {
    trigger: 'bored',
    skillIds: ['mitosis'],
    skills: [
      { id: 'cell', prerequisiteIds: [] },
      { id: 'mitosis', prerequisiteIds: ['cell'] },
      { id: 'meiosis', prerequisiteIds: ['mitosis'] },
    ],
    mastery: (skillId) => ({ skillId, probability: 0.8, low: 0, high: 1, responses: 12 }),
    expectedSuccess: ({ difficulty }) => 1 / (1 + Math.exp(difficulty - 1.5)),
    candidates: [],
    recentInterventions: [],
    sequence: 50,
    learner: { languages: ['en'], excludedModalities: [] },
    item: { activityId: 'item', difficulty: 0, modality: 'text', minutes: 10 },
    ...more,
  };
}
const choose = (input: InterventionInput, seed = 'x'): Intervention => chooseIntervention(input, fringeAndBand, seed);
const ids = (result: Intervention): string[] =>
  result.kind === 'none' ? [result.why] : result.candidates.map(({ activityId }) => activityId).sort();

describe('against boredom', () => {
  it('is a harder exercise that is not out of reach', () => {
    const candidates = [
      activity('item'),
      activity('same'),
      activity('harder', { difficulty: 1 }),
      activity('too-easy-still', { difficulty: 0.3 }),
      activity('out-of-reach', { difficulty: 3 }),
    ];
    const result = choose(asks({ candidates }));
    expect(ids(result)).toEqual(['harder']);
    expect(result).toMatchObject({
      kind: 'offer',
      reason: { code: 'harder-exercise', trigger: 'bored', skillId: 'mitosis', forSkillId: 'mitosis' },
      help: { kind: 'exercise', modality: 'text' },
      place: { skillId: 'mitosis', itemId: 'item' },
    });
  });
  it('is another modality, unless it is easier', () => {
    const candidates = [
      activity('film', { kind: 'video', modality: 'video' }),
      activity('drawn', { modality: 'picture' }),
      activity('drawn-easier', { modality: 'picture', difficulty: -1 }),
      activity('text', { kind: 'explanation' }),
    ];
    const result = choose(asks({ candidates }));
    expect(ids(result)).toEqual(['drawn', 'film']);
    expect(result).toMatchObject({ reason: { code: 'other-modality', otherModality: true } });
  });
  it('is by difficulty alone where no success can be expected, and by nothing where there is no item either', () => {
    const { expectedSuccess, item, ...unknown } = asks({ candidates: [activity('harder', { difficulty: 2 })] });
    expect(ids(choose({ ...unknown, item: item! }))).toEqual(['harder']);
    expect(ids(choose({ ...unknown, expectedSuccess: expectedSuccess! }))).toEqual(['nothing-fits']);
    expect(ids(choose(unknown))).toEqual(['nothing-fits']);
  });
  it('is not beyond the item, nor what has just been', () => {
    const candidates = [
      activity('beyond', { difficulty: 1, skillIds: ['mitosis', 'meiosis'] }),
      activity('beneath', { difficulty: 1, skillIds: ['cell'] }),
      activity('just-seen', { difficulty: 1, timesSeen: 1, lastSeenSequence: 45 }),
      activity('no-skill', { difficulty: 1, skillIds: [] }),
    ];
    expect(ids(choose(asks({ candidates })))).toEqual(['nothing-fits']);
  });
});

it('nothing that a teacher has banned is offered', () => {
  const controls = { ...noControls(), banned: ['harder', 'help'] };
  const candidates = [activity('harder', { difficulty: 1 }), activity('help', { kind: 'explanation' })];
  expect(ids(choose(asks({ candidates, controls })))).toEqual(['nothing-fits']);
  expect(ids(choose(asks({ candidates, controls, trigger: 'asked-for-help' })))).toEqual(['nothing-fits']);
});

describe('against distraction', () => {
  const short = activity('short', { minutes: 2 });
  const long = activity('long', { minutes: 8 });
  const distracted = (probability: number, more: Partial<InterventionInput> = {}): InterventionInput =>
    asks({
      trigger: 'distracted',
      candidates: [short, long, activity('unknown-length')],
      engagement: { source: 'rules', distraction: { probability, confidence: 0.9 } },
      ...more,
    });

  it('is something shorter', () => {
    expect(choose(distracted(0.65))).toMatchObject({
      kind: 'offer',
      activityId: 'short',
      probability: 1,
      reason: { code: 'shorter-activity', trigger: 'distracted' },
    });
  });
  it('is a break when it is strong, or when nothing is short', () => {
    expect(choose(distracted(0.85))).toMatchObject({
      kind: 'break',
      minutes: 5,
      probability: 1,
      candidates: [{ activityId: 'break', probability: 1 }],
      reason: { code: 'break', skillId: 'mitosis' },
      help: { kind: 'break', modality: 'none' },
    });
    expect(choose(distracted(0.65, { candidates: [long] })).kind).toBe('break');
    expect(choose(asks({ trigger: 'distracted' })).kind).toBe('break');
  });
  it('is no second break within a while', () => {
    const recentInterventions = [{ activityId: null, sequence: 35 }];
    expect(choose(distracted(0.85, { recentInterventions }))).toMatchObject({ activityId: 'short' });
    expect(ids(choose(distracted(0.85, { recentInterventions, candidates: [] })))).toEqual(['all-offered-recently']);
    expect(choose(distracted(0.85, { recentInterventions, sequence: 55 })).kind).toBe('break');
  });
  it('is drawn between the two with a bandit, and learns which helps', () => {
    const place = { skillId: 'mitosis', itemId: 'item' };
    let helpBandit = emptyHelpBandit();
    for (let n = 0; n < 40; n++) helpBandit = rewarded(helpBandit, place, { kind: 'break', modality: 'none' }, 1);
    for (let n = 0; n < 40; n++) helpBandit = rewarded(helpBandit, place, { kind: 'exercise', modality: 'text' }, 0);
    const result = choose(distracted(0.65, { helpBandit }));
    expect(ids(result)).toEqual(['break', 'short']);
    expect(result).toMatchObject({ kind: 'break' });
    if (result.kind !== 'none') expect(result.probability).toBeGreaterThan(0.95);
  });
  it('is nothing when it is not known what was practised', () => {
    expect(ids(choose(distracted(0.9, { skillIds: [] })))).toEqual(['nothing-fits']);
  });
});

describe('a dismissed offer', () => {
  const offer = (sequence: number, reaction: 'accepted' | 'dismissed' | null = null) => ({
    activityId: `offer-${sequence}`,
    sequence,
    reaction,
  });
  it('makes offers rarer, until one is taken again', () => {
    const input = asks({ trigger: 'confused', candidates: [activity('help', { kind: 'explanation' })] });
    const at = (recentInterventions: InterventionInput['recentInterventions']): string =>
      choose({ ...input, recentInterventions }).kind;
    expect(at([offer(30), offer(38)])).toBe('offer');
    expect(at([offer(30, 'dismissed'), offer(38, 'dismissed')])).toBe('none');
    expect(at([offer(30, 'dismissed'), offer(38, 'accepted')])).toBe('offer');
    expect(choose({ ...input, trigger: 'asked-for-help', recentInterventions: [offer(49, 'dismissed')] }).kind).toBe(
      'offer',
    );
  });
  it('never makes them more frequent', () => {
    const reaction = fc.constantFrom('accepted' as const, 'dismissed' as const, null);
    const offers = fc.array(fc.tuple(fc.integer({ min: -5, max: 60 }), reaction), { maxLength: 10 });
    fc.assert(
      fc.property(offers, fc.nat(9), (list, which) => {
        const recent = list.map(([sequence, reacted]) => offer(sequence, reacted));
        const dismissed = recent.map((each, index) =>
          index === which && each.reaction === null ? { ...each, reaction: 'dismissed' as const } : each,
        );
        expect(dismissalsInARow(dismissed)).toBeGreaterThanOrEqual(dismissalsInARow(recent));
        const input = asks({ trigger: 'confused', candidates: [activity('help', { kind: 'explanation' })] });
        const [before, after] = [recent, dismissed].map((recentInterventions) =>
          choose({ ...input, recentInterventions }),
        );
        if (before!.kind === 'none') expect(after!.kind).toBe('none');
      }),
    );
  });
});

describe('with a bandit', () => {
  const kinds = ['explanation', 'worked-example', 'video', 'exercise'] as const;
  const piece = fc.record({
    kind: fc.constantFrom(...kinds),
    modality: fc.constantFrom('text' as const, 'video' as const, 'picture' as const),
    skillIds: fc.constantFrom(['mitosis'], ['cell'], ['mitosis', 'cell'], []),
    difficulty: fc.double({ min: -1, max: 2, noNaN: true }),
    minutes: fc.constantFrom(1, 3, 9),
  });

  it('every offer has its whole distribution, is drawn from it, and comes again from the same seed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...interventionTriggers),
        fc.array(piece, { maxLength: 14 }),
        fc.array(fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(0, 0.3, 1)), { maxLength: 20 }),
        fc.string(),
        (trigger, pieces, tries, seed) => {
          const helpBandit = tries.reduce(
            (state, [kind, reward]) => rewarded(state, { skillId: 'mitosis' }, { kind, modality: 'text' }, reward),
            emptyHelpBandit(),
          );
          const candidates = pieces.map((each, index) => activity(`piece-${index}`, each));
          const input = asks({ trigger, candidates, helpBandit });
          const result = choose(input, seed);
          expect(choose({ ...input, candidates: [...candidates].reverse() }, seed)).toEqual(result);
          if (result.kind === 'none') return;
          expect(result.candidates.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 9);
          const chosen = result.kind === 'break' ? 'break' : result.activityId;
          const own = result.candidates.find(({ activityId }) => activityId === chosen);
          expect(own?.probability).toBe(result.probability);
          const kindsOffered = result.helpOptions!.reduce((sum, each) => sum + each.probability, 0);
          expect(kindsOffered).toBeCloseTo(1, 9);
          for (const each of result.candidates) {
            expect(each.terms.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(each.utility, 10);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leans at first towards what the trigger prefers', () => {
    const candidates = [activity('explained', { kind: 'explanation' }), activity('worked', { kind: 'worked-example' })];
    const result = choose(asks({ trigger: 'struggling', candidates, helpBandit: emptyHelpBandit() }));
    if (result.kind !== 'offer') throw new Error(JSON.stringify(result));
    expect(result.candidates[0]!.activityId).toBe('worked');
    expect(result.candidates[0]!.probability).toBeLessThan(0.7);
  });
});
