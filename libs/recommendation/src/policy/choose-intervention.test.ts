import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, Exposure, SkillNode } from '../model/choice.js';
import type { Intervention, InterventionInput } from '../model/intervention.js';
import { chooseIntervention, isWheelSpinning, triggerOf } from './choose-intervention.js';
import { fringeAndBand } from './fringe-and-band.js';
import { aCandidate } from '../testing/a-candidate.js';

const skills: readonly SkillNode[] = [
  { id: 'cell', prerequisiteIds: [] },
  { id: 'nucleus', prerequisiteIds: ['cell'] },
  { id: 'mitosis', prerequisiteIds: ['nucleus'] },
  { id: 'meiosis', prerequisiteIds: ['mitosis'] },
];
const estimate = (skillId: string, probability: number, responses = 12): MasteryEstimate => ({
  skillId,
  probability,
  low: 0,
  high: 1,
  responses,
});

function help(activityId: string, skillIds: string[], more: Partial<Candidate> = {}): Candidate {
  return aCandidate(activityId, skillIds, { kind: 'explanation', ...more });
}

const library = [help('about-cell', ['cell']), help('about-nucleus', ['nucleus']), help('about-mitosis', ['mitosis'])];

function asks(mastery: Record<string, number>, more: Partial<InterventionInput> = {}): InterventionInput {
  return {
    trigger: 'confused',
    skillIds: ['mitosis'],
    skills,
    mastery: (id) => estimate(id, mastery[id] ?? 0.5),
    candidates: library,
    recentInterventions: [],
    sequence: 50,
    learner: { languages: ['en'], excludedModalities: [] },
    ...more,
  };
}

const choose = (input: InterventionInput, seed = 'x'): Intervention => chooseIntervention(input, fringeAndBand, seed);
function offered(input: InterventionInput): Extract<Intervention, { kind: 'offer' }> {
  const result = choose(input);
  if (result.kind !== 'offer') throw new Error(JSON.stringify(result));
  return result;
}

describe('what help is about', () => {
  it('is the prerequisite that would explain the error: unmastered and weaker than the skill itself', () => {
    const result = offered(asks({ mitosis: 0.6, nucleus: 0.5, cell: 0.9 }));
    expect(result.activityId).toBe('about-nucleus');
    expect(result.reason).toEqual({
      code: 'explain-prerequisite',
      trigger: 'confused',
      skillId: 'nucleus',
      forSkillId: 'mitosis',
      masteryBefore: 0.5,
      otherModality: false,
    });
  });
  it('is the weakest of them, however far back', () => {
    expect(offered(asks({ mitosis: 0.6, nucleus: 0.5, cell: 0.3 })).activityId).toBe('about-cell');
  });
  it('is the skill itself when what it stands on is stronger or mastered', () => {
    expect(offered(asks({ mitosis: 0.4, nucleus: 0.5, cell: 0.6 })).reason).toMatchObject({
      code: 'explain-skill',
      skillId: 'mitosis',
    });
    expect(offered(asks({ mitosis: 0.95, nucleus: 0.9, cell: 0.9 })).activityId).toBe('about-mitosis');
  });
  it('is the next best when there is nothing about the first', () => {
    const input = asks({ mitosis: 0.6, nucleus: 0.5, cell: 0.3 }, { candidates: library.slice(1) });
    expect(offered(input).activityId).toBe('about-nucleus');
  });
  it('never reaches beyond the item', () => {
    const candidates = [help('beyond', ['mitosis', 'meiosis'])];
    expect(choose(asks({}, { candidates }))).toEqual({ kind: 'none', why: 'nothing-fits' });
  });
});

describe('which help', () => {
  it('speaks through another modality than what was last seen', () => {
    const candidates = [
      help('seen-text', ['mitosis'], { timesSeen: 1, lastSeenSequence: 5 }),
      help('more-text', ['mitosis']),
      help('film', ['mitosis'], { kind: 'video', modality: 'video' }),
    ];
    const result = offered(asks({ mitosis: 0.4 }, { candidates }));
    expect(result.candidates[0]!.activityId).toBe('film');
    expect(result.candidates[0]!.probability).toBeGreaterThan(0.8);
    expect(result.candidates.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 10);
  });
  it('is a worked example where practice has not helped', () => {
    const candidates = [help('explained', ['mitosis']), help('worked', ['mitosis'], { kind: 'worked-example' })];
    const first = (trigger: InterventionInput['trigger']): string =>
      offered(asks({ mitosis: 0.4 }, { candidates, trigger })).candidates[0]!.activityId;
    expect(first('confused')).toBe('explained');
    expect(first('struggling')).toBe('worked');
  });
  it('is never an exercise, nor what the learner cannot use', () => {
    const candidates = [
      help('exercise', ['mitosis'], { kind: 'exercise' }),
      help('french', ['mitosis'], { language: 'fr' }),
      help('audio', ['mitosis'], { modality: 'audio' }),
    ];
    const learner = { languages: ['en'], excludedModalities: ['audio' as const] };
    expect(choose(asks({}, { candidates, learner }))).toEqual({ kind: 'none', why: 'nothing-fits' });
  });
});

describe('how often', () => {
  it('is capped, but not for a learner who asks', () => {
    const recentInterventions = [
      { activityId: 'about-cell', sequence: 45 },
      { activityId: 'about-nucleus', sequence: 49 },
    ];
    const input = asks({ mitosis: 0.3 }, { recentInterventions });
    expect(choose(input)).toEqual({ kind: 'none', why: 'capped' });
    expect(choose({ ...input, sequence: 55 }).kind).toBe('offer');
    expect(offered({ ...input, trigger: 'asked-for-help' }).activityId).toBe('about-mitosis');
  });
  it('is not the same twice within a while', () => {
    const recentInterventions = [{ activityId: 'about-mitosis', sequence: 30 }];
    const input = asks({ mitosis: 0.3 }, { candidates: library.slice(2), recentInterventions });
    expect(choose(input)).toEqual({ kind: 'none', why: 'all-offered-recently' });
    expect(choose({ ...input, sequence: 60 }).kind).toBe('offer');
  });
});

it('offers the same for the same seed, and never what was just offered', () => {
  const aHelp = fc.record({
    skill: fc.constantFrom('cell', 'nucleus', 'mitosis'),
    modality: fc.constantFrom('text' as const, 'picture' as const),
  });
  fc.assert(
    fc.property(
      fc.array(aHelp, { maxLength: 20 }),
      fc.array(fc.nat(19), { maxLength: 5 }),
      fc.string(),
      (all, recent, seed) => {
        const candidates = all.map(({ skill, modality }, index) => help(`h${index}`, [skill], { modality }));
        const recentInterventions = recent.map((index) => ({ activityId: `h${index}`, sequence: 39 }));
        const input = asks({ mitosis: 0.4, nucleus: 0.3 }, { candidates, recentInterventions });
        const result = choose(input, seed);
        expect(choose({ ...input, candidates: [...candidates].reverse() }, seed)).toEqual(result);
        if (result.kind === 'offer') expect(recent.map((index) => `h${index}`)).not.toContain(result.activityId);
      },
    ),
  );
});

describe('triggers', () => {
  it('leave productive struggle and absence alone', () => {
    expect(triggerOf('confused')).toBe('confused');
    expect(triggerOf('guessing')).toBe('guessing');
    for (const label of ['engaged', 'productive-struggle', 'distracted', 'away', 'unknown'] as const) {
      expect(triggerOf(label)).toBeNull();
    }
  });
  it('call ten responses without mastery wheel-spinning', () => {
    expect(isWheelSpinning(estimate('cell', 0.6, 10), fringeAndBand)).toBe(true);
    expect(isWheelSpinning(estimate('cell', 0.6, 9), fringeAndBand)).toBe(false);
    expect(isWheelSpinning(estimate('cell', 0.9, 30), fringeAndBand)).toBe(false);
  });
});

it('finds the same help among what is about the skills as in the whole course, whoever says what was met', () => {
  const piece = fc.record({
    about: fc.uniqueArray(fc.constantFrom('cell', 'nucleus', 'mitosis', 'meiosis'), { minLength: 1, maxLength: 3 }),
    kind: fc.constantFrom('exercise' as const, 'explanation' as const, 'worked-example' as const),
    difficulty: fc.integer({ min: -1, max: 2 }),
    minutes: fc.integer({ min: 1, max: 4 }),
    lastSeenSequence: fc.option(fc.nat(40)),
  });
  const trigger = fc.constantFrom('confused', 'struggling', 'bored', 'distracted');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), trigger, fc.string(), (pieces, sign, seed) => {
      const unmet = pieces.map(({ about, kind, difficulty, minutes }, number) =>
        aCandidate(`piece-${number}`, about, { number, kind, difficulty, minutes }),
      );
      const exposures = new Map<number, Exposure>();
      for (const [number, { lastSeenSequence }] of pieces.entries())
        if (lastSeenSequence !== null) exposures.set(number, { timesSeen: 1, lastSeenSequence });
      const course = unmet.map((each) => ({ ...each, ...exposures.get(each.number!) }));
      const near = course.filter(({ skillIds }) => skillIds.some((skillId) => skillId !== 'meiosis'));
      const item = { activityId: 'item', difficulty: 0, modality: 'text' as const, minutes: 3 };
      const input = asks({}, { trigger: sign, candidates: course, item, expectedSuccess: () => 0.6 });
      const offer = chooseIntervention(input, fringeAndBand, seed);
      expect(chooseIntervention({ ...input, candidates: near }, fringeAndBand, seed)).toEqual(offer);
      expect(chooseIntervention({ ...input, candidates: unmet, exposures }, fringeAndBand, seed)).toEqual(offer);
    }),
  );
});
