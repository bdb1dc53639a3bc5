import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, Choice, ChoiceInput, Exposure } from '../model/choice.js';
import { noControls } from '../model/course-controls.js';
import { drawGraph } from '../simulation/world.js';
import { applyChange } from './apply-change.js';
import { chooseNext } from './choose-next.js';
import { fringeAndBand, fringeAndBandV1 } from './fringe-and-band.js';
import { expectedGain } from './utility.js';

const below = fc.double({ min: 0.4, max: 0.84, noNaN: true });
const above = fc.double({ min: 0.85, max: 0.99, noNaN: true });

const course = fc.integer({ min: 1, max: 14 }).chain((size) =>
  fc.record({
    graph: fc.string().map((seed) => drawGraph(size, seed)),
    mastery: fc.array(fc.oneof(below, above, above), { minLength: size, maxLength: size }),
    responses: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: size, maxLength: size }),
    activities: fc.array(
      fc.record({
        skills: fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 3 }),
        kind: fc.constantFrom('exercise' as const, 'exercise' as const, 'explanation' as const),
        difficulty: fc.double({ min: -2, max: 2, noNaN: true }),
        seen: fc.option(fc.record({ timesSeen: fc.integer({ min: 1, max: 5 }), lastSeenSequence: fc.nat(100) })),
      }),
      { minLength: 20, maxLength: 90 },
    ),
    order: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }),
    due: fc.array(
      fc.record({ skill: fc.nat(size - 1), activity: fc.nat(19), ofSkill: fc.boolean(), days: fc.nat(9) }),
      {
        maxLength: 3,
      },
    ),
    reviews: fc.array(
      fc.record({ skill: fc.nat(size - 1), retrievability: fc.double({ min: 0, max: 1, noNaN: true }) }),
      {
        maxLength: 3,
      },
    ),
    seed: fc.string(),
  }),
);
type Course = typeof course extends fc.Arbitrary<infer T> ? T : never;

/** What teachers have set, and what is due. */
function ruled({ graph, order, due, reviews }: Course): Pick<ChoiceInput, 'controls' | 'dueReviews' | 'now'> {
  const idOf = (place: number): string => graph[place]!.id;
  return {
    controls: {
      ...noControls(),
      order: order.map(idOf),
      due: due.map(({ skill, activity, ofSkill, days }) => {
        const at = days * 86_400_000;
        return ofSkill ? { skillId: idOf(skill), at } : { activityId: `activity-${activity}`, at };
      }),
    },
    dueReviews: reviews.map(({ skill, retrievability }) => ({ skillId: idOf(skill), retrievability, dueAt: 0 })),
    now: 0,
  };
}

function inputOf({ graph, mastery, responses, activities }: Course): ChoiceInput {
  const placeOf = new Map(graph.map(({ id }, place) => [id, place]));
  const estimate = (skillId: string): MasteryEstimate => {
    const place = placeOf.get(skillId)!;
    return { skillId, probability: mastery[place]!, low: 0, high: 1, responses: responses[place]! };
  };
  return {
    skills: graph,
    mastery: estimate,
    expectedSuccess: ({ skillIds, difficulty }) => {
      const weakest = Math.min(...skillIds.map((skillId) => estimate(skillId).probability));
      return 1 / (1 + Math.exp(difficulty - Math.log(weakest / (1 - weakest))));
    },
    candidates: activities.map(({ skills, kind, difficulty, seen }, index): Candidate => ({
      activityId: `activity-${index}`,
      number: index,
      kind,
      modality: 'text',
      language: 'en',
      skillIds: skills.map((place) => graph[place]!.id),
      difficulty,
      timesSeen: seen?.timesSeen ?? 0,
      lastSeenSequence: seen?.lastSeenSequence ?? null,
    })),
    sequence: 100,
    learner: { languages: [], excludedModalities: [] },
  };
}

function best(choice: Choice, most: number): unknown {
  return choice.kind === 'chosen'
    ? choice.candidates.slice(0, most).map(({ activityId, utility, terms }) => ({ activityId, utility, terms }))
    : choice;
}

describe('laws of chooseNext', () => {
  it('short-lists what looking at every activity would short-list', () => {
    let chosen = 0;
    fc.assert(
      fc.property(course, fc.constantFrom(fringeAndBand, fringeAndBandV1), fc.boolean(), (random, policy, isRuled) => {
        const input = { ...inputOf(random), ...(isRuled && ruled(random)) };
        const choice = chooseNext(input, { ...policy, shortlist: 4 }, random.seed);
        const whole = chooseNext(input, { ...policy, shortlist: 1_000 }, random.seed);
        expect(best(choice, 4)).toEqual(best(whole, 4));
        if (choice.kind === 'chosen' && whole.kind === 'chosen' && whole.candidates.length > 4) chosen++;
      }),
      { numRuns: 300 },
    );
    expect(chosen).toBeGreaterThan(50);
  });

  it('chooses the same whether the candidates say what was seen or the learner’s exposures do', () => {
    fc.assert(
      fc.property(course, (random) => {
        const input = inputOf(random);
        const seen = new Map<number, Exposure>();
        for (const [index, { seen: exposure }] of random.activities.entries()) {
          if (exposure !== null) seen.set(index, exposure);
        }
        const exposures = new Map([...seen, [1_000_000, { timesSeen: 1, lastSeenSequence: 3 }]]);
        const unseen = input.candidates.map((each) => ({ ...each, timesSeen: 0, lastSeenSequence: null }));
        const outside = { ...input, candidates: unseen, exposures };
        expect(chooseNext(outside, fringeAndBand, random.seed)).toEqual(chooseNext(input, fringeAndBand, random.seed));
        for (const to of [0, 2]) {
          const change = { kind: 'times-seen' as const, activityId: 'activity-3', from: 1, to };
          expect(chooseNext(applyChange(outside, change), fringeAndBand, random.seed)).toEqual(
            chooseNext(applyChange(input, change), fringeAndBand, random.seed),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});

it('leaves other skills a chance where one has many exercises', () => {
  const graph = ['first', 'second', 'third'].map((id) => ({ id, prerequisiteIds: [] }));
  const candidates = graph.flatMap(({ id }) =>
    Array.from({ length: 40 }, (_, number): Candidate => ({
      activityId: `${id}-${number}`,
      kind: 'exercise',
      modality: 'text',
      language: 'en',
      skillIds: [id],
      difficulty: number / 40,
      timesSeen: 0,
      lastSeenSequence: null,
    })),
  );
  const probability = (skillId: string): number => (skillId === 'first' ? 0.5 : 0.8);
  const mastery = (skillId: string): MasteryEstimate => ({
    skillId,
    probability: probability(skillId),
    low: 0.2,
    high: 0.84,
    responses: 3,
  });
  const expectedSuccess = ({ skillIds, difficulty }: { skillIds: readonly string[]; difficulty: number }): number =>
    probability(skillIds[0]!) - 0.3 * difficulty;
  const learner = { languages: [], excludedModalities: [] };
  const input = { skills: graph, mastery, expectedSuccess, candidates, sequence: 10, learner };
  const choice = chooseNext(input, fringeAndBand, 'x');
  if (choice.kind !== 'chosen') throw new Error(choice.reason);
  const perSkill = graph.map(
    ({ id }) => choice.candidates.filter(({ activityId }) => activityId.startsWith(id)).length,
  );
  expect(perSkill).toEqual([4, 4, 4]);
  for (const { id } of graph) {
    const own = choice.candidates.filter(({ activityId }) => activityId.startsWith(id));
    expect(own.map(({ activityId }) => activityId)).toContain(`${id}-0`);
    expect(own.reduce((sum, each) => sum + each.probability, 0)).toBeGreaterThanOrEqual(
      fringeAndBand.epsilon / 3 - 1e-12,
    );
  }
});

describe('the expected gain of one more practice', () => {
  const gainAt = (probability: number, responses: number): number =>
    expectedGain({ skillId: 'a', probability, low: 0, high: 1, responses });

  it('is 1 for a skill that is half known and was never practised, and shrinks with practice and with certainty', () => {
    expect(gainAt(0.5, 0)).toBe(1);
    for (const responses of [0, 1, 5, 20]) {
      expect(gainAt(0.5, responses + 1)).toBeLessThan(gainAt(0.5, responses));
      expect(gainAt(0.8, responses)).toBeLessThan(gainAt(0.6, responses));
    }
  });
});

it('does not prefer a skill for being known better, only the exercise of it that fits', () => {
  const graph = ['known', 'new'].map((id) => ({ id, prerequisiteIds: [] }));
  const exercise = (activityId: string, skillId: string, difficulty: number): Candidate => ({
    activityId,
    kind: 'exercise',
    modality: 'text',
    language: 'en',
    skillIds: [skillId],
    difficulty,
    timesSeen: 0,
    lastSeenSequence: null,
  });
  const mastery = (skillId: string): MasteryEstimate =>
    skillId === 'known'
      ? { skillId, probability: 0.8, low: 0.7, high: 0.84, responses: 10 }
      : { skillId, probability: 0.5, low: 0.2, high: 0.8, responses: 0 };
  const choice = chooseNext(
    {
      skills: graph,
      mastery,
      expectedSuccess: ({ skillIds, difficulty }) => mastery(skillIds[0]!).probability - difficulty,
      candidates: [
        exercise('known-fits', 'known', 0),
        exercise('new-hard', 'new', 0.3),
        exercise('new-fits', 'new', 0),
      ],
      sequence: 10,
      learner: { languages: [], excludedModalities: [] },
    },
    fringeAndBand,
    'x',
  );
  if (choice.kind !== 'chosen') throw new Error(choice.reason);
  expect(choice.candidates.map(({ activityId }) => activityId)).toEqual(['new-fits', 'new-hard', 'known-fits']);
});

describe('in a course where very many skills are open', () => {
  const graph = Array.from({ length: 300 }, (_, place) => ({ id: `s${place}`, prerequisiteIds: [] }));
  const learner = { languages: ['en'], excludedModalities: [] };
  const exercise = (skillId: string, language: string): Candidate => ({
    activityId: `of-${skillId}`,
    kind: 'exercise',
    modality: 'text',
    language,
    skillIds: [skillId],
    difficulty: 0,
    timesSeen: 0,
    lastSeenSequence: null,
  });
  const choiceAmong = (candidates: readonly Candidate[], more: Partial<ChoiceInput> = {}) => {
    const asked = new Set<string>();
    const mastery = (skillId: string): MasteryEstimate => {
      asked.add(skillId);
      return { skillId, probability: 0.6, low: 0.2, high: 0.8, responses: 0 };
    };
    const responsesTo = (): number => 0;
    const choice = chooseNext(
      { skills: graph, mastery, responsesTo, expectedSuccess: () => 0.6, candidates, sequence: 0, learner, ...more },
      fringeAndBand,
      'x',
    );
    if (choice.kind !== 'chosen') throw new Error(choice.reason);
    return { ids: choice.candidates.map(({ activityId }) => activityId), asked: asked.size };
  };

  it('weighs some of those that the learner has not met, the first in the course among equals', () => {
    const { ids, asked } = choiceAmong(graph.map(({ id }) => exercise(id, 'en')).reverse());
    expect(ids).toEqual(graph.slice(0, fringeAndBand.shortlist).map(({ id }) => `of-${id}`));
    expect(asked).toBeLessThan(30);
  });

  it('goes on until something fits the learner', () => {
    const { ids } = choiceAmong(graph.map(({ id }, place) => exercise(id, place === 299 ? 'en' : 'de')));
    expect(ids).toEqual(['of-s299']);
  });

  it('does not pass over what is asked for by a date, whatever its place', () => {
    const controls = { ...noControls(), due: [{ skillId: 's250', at: 0 }] };
    const { ids } = choiceAmong(
      graph.map(({ id }) => exercise(id, 'en')),
      { controls, now: 0 },
    );
    expect(ids[0]).toBe('of-s250');
  });
});
