import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, Choice, ChoiceInput, SkillNode } from '../model/choice.js';
import { chooseNext } from './choose-next.js';
import { fringeAndBand, isMastered } from './fringe-and-band.js';
import { aCandidate as exercise } from '../testing/a-candidate.js';

const policy = fringeAndBand;

/** A learner by her mastery of each skill; success follows the weakest skill of an item and its difficulty. */
function situation(
  skills: readonly SkillNode[],
  mastery: Record<string, number>,
  candidates: readonly Candidate[],
  more: Partial<ChoiceInput> = {},
): ChoiceInput {
  const estimate = (skillId: string): MasteryEstimate => {
    const probability = mastery[skillId] ?? 0.5;
    return { skillId, probability, low: 0, high: 1, responses: skillId in mastery ? 12 : 0 };
  };
  const expectedSuccess: ChoiceInput['expectedSuccess'] = ({ skillIds, difficulty }) => {
    const weakest = Math.min(...skillIds.map((skillId) => estimate(skillId).probability));
    const logit = Math.log(weakest / (1 - weakest)) - difficulty;
    return 1 / (1 + Math.exp(-logit));
  };
  const learner = { languages: ['en'], excludedModalities: [] };
  return { skills, mastery: estimate, expectedSuccess, candidates, sequence: 100, learner, ...more };
}

function chosen(choice: Choice): Extract<Choice, { kind: 'chosen' }> {
  if (choice.kind !== 'chosen') throw new Error(choice.reason);
  return choice;
}

const chain: readonly SkillNode[] = [
  { id: 'a', prerequisiteIds: [] },
  { id: 'b', prerequisiteIds: ['a'] },
  { id: 'c', prerequisiteIds: ['b'] },
];
const onePerSkill = chain.map(({ id }) => exercise(`ex-${id}`, [id]));

describe('what may come', () => {
  it('is the skill whose prerequisites are mastered, never what lies beyond', () => {
    const choice = chosen(chooseNext(situation(chain, { a: 0.6 }, onePerSkill), policy, 'x'));
    expect(choice.candidates.map((each) => each.activityId)).toEqual(['ex-a']);
    expect(choice.probability).toBe(1);
  });

  it('is closed behind a prerequisite of a prerequisite that has slipped', () => {
    const choice = chosen(chooseNext(situation(chain, { a: 0.8, b: 0.95 }, onePerSkill), policy, 'x'));
    expect(choice.candidates.map((each) => each.activityId).sort()).toEqual(['ex-a']);
  });

  it('does not take an estimate for mastery that hardly any response stands behind', () => {
    const input = situation(chain, { a: 0.97 }, onePerSkill);
    const guess = { ...input, mastery: (id: string) => ({ ...input.mastery(id), responses: id === 'a' ? 1 : 0 }) };
    expect(chosen(chooseNext(guess, policy, 'x')).candidates.map((each) => each.activityId)).toEqual(['ex-a']);
  });

  it('is in a language and modality that the learner has', () => {
    const candidates = [
      exercise('german', ['a'], { language: 'de' }),
      exercise('british', ['a'], { language: 'en-GB' }),
      exercise('audio', ['a'], { modality: 'audio' }),
    ];
    const learner = { languages: ['en'], excludedModalities: ['audio' as const] };
    const choice = chosen(chooseNext(situation(chain, {}, candidates, { learner }), policy, 'x'));
    expect(choice.candidates.map((each) => each.activityId)).toEqual(['british']);
  });

  it('is not a visual assignment, nor an exercise of a skill that the graph does not have', () => {
    const candidates = [
      exercise('drawing', ['a'], { kind: 'visual-assignment' }),
      exercise('stray', ['elsewhere']),
      exercise('ok', ['a']),
    ];
    const choice = chosen(chooseNext(situation(chain, {}, candidates), policy, 'x'));
    expect(choice.candidates.map((each) => each.activityId)).toEqual(['ok']);
  });

  it('comes again only after a while, or when nothing else is left of a skill to learn', () => {
    const seen = (id: string, ago: number): Candidate =>
      exercise(id, ['a'], { timesSeen: 1, lastSeenSequence: 100 - ago });
    const withFresh = situation(chain, { a: 0.6 }, [seen('just', 1), seen('before', 9), seen('long-ago', 10)]);
    expect(chosen(chooseNext(withFresh, policy, 'x')).activityId).toBe('long-ago');
    const onlyRepeats = situation(chain, { a: 0.6 }, [seen('just', 1), seen('before', 2)]);
    expect(chosen(chooseNext(onlyRepeats, policy, 'x')).activityId).toBe('before');
    const onlyOne = situation(chain, { a: 0.6 }, [seen('just', 1)]);
    expect(chosen(chooseNext(onlyOne, policy, 'x')).activityId).toBe('just');
  });
});

describe('explanations', () => {
  const explanation = exercise('explained', ['a'], { kind: 'explanation' });
  const share = (input: ChoiceInput): number =>
    chosen(chooseNext(input, policy, 'x')).candidates.find((each) => each.activityId === 'explained')?.probability ?? 0;

  it('usually open a skill that has never been answered', () => {
    const input = situation(chain, {}, [explanation, exercise('e1', ['a']), exercise('e2', ['a'])]);
    expect(share(input)).toBeGreaterThan(0.9);
    const first = chosen(chooseNext(situation(chain, {}, [explanation, exercise('far', ['c'])]), policy, 'x'));
    expect(first.reason.code).toBe('introduce-skill');
  });
  it('do not come once the skill is begun, known already, or introduced', () => {
    const exercises = [exercise('e1', ['a'])];
    expect(share(situation(chain, { a: 0.4 }, [explanation, ...exercises]))).toBe(0);
    const seen = exercise('other', ['a'], { kind: 'video', timesSeen: 1, lastSeenSequence: 99 });
    expect(share(situation(chain, {}, [explanation, seen, ...exercises]))).toBe(0);
    const able = situation(chain, {}, [explanation, ...exercises], {
      mastery: (skillId) => ({ skillId, probability: 0.9, low: 0.5, high: 1, responses: 0 }),
    });
    expect(share(able)).toBe(0);
  });
});

describe('the reason', () => {
  const reasonOf = (mastery: Record<string, number>, candidates: readonly Candidate[] = onePerSkill) =>
    chosen(chooseNext(situation(chain, mastery, candidates), policy, 'seed')).reason;

  it('is a new skill on the fringe, with the prerequisites that opened it', () => {
    expect(reasonOf({ a: 0.9 }, [exercise('ex-b', ['b'])])).toEqual({
      code: 'on-the-fringe',
      skillId: 'b',
      expectedSuccess: 0.5,
      masteryBefore: 0.5,
      masteryThreshold: 0.85,
      prerequisiteIds: ['a'],
      opensSkills: 1,
      responsesSinceSeen: null,
    });
  });
  it('is the weakest unmastered skill of an activity', () => {
    const both = [exercise('both', ['b', 'a'])];
    expect(reasonOf({ a: 0.9, b: 0.7 }, both)).toMatchObject({ code: 'practise-weakest', skillId: 'b' });
    const apart = [
      { id: 'p', prerequisiteIds: [] },
      { id: 'q', prerequisiteIds: [] },
    ];
    const input = situation(apart, { p: 0.7, q: 0.4 }, [exercise('pq', ['p', 'q'])]);
    expect(chosen(chooseNext(input, policy, 'x')).reason).toMatchObject({ skillId: 'q', masteryBefore: 0.4 });
  });
  it('is a review when everything is mastered: of the skill not seen for the longest time', () => {
    const candidates = [
      exercise('a1', ['a'], { timesSeen: 1, lastSeenSequence: 20 }),
      exercise('c1', ['c'], { timesSeen: 1, lastSeenSequence: 88 }),
    ];
    const input = situation(chain, { a: 0.9, b: 0.9, c: 0.9 }, candidates);
    const choice = chosen(chooseNext(input, policy, 'x'));
    expect(choice.candidates[0]!.activityId).toBe('a1');
    const { reason } = chosen(chooseNext({ ...input, candidates: candidates.slice(0, 1) }, policy, 'x'));
    expect(reason).toMatchObject({ code: 'review-mastered', skillId: 'a', responsesSinceSeen: 80 });
  });
});

describe('preferences', () => {
  it('are for exercises in the success band', () => {
    const candidates = [-3, -1.2, 0, 2].map((difficulty) => exercise(`d${difficulty}`, ['a'], { difficulty }));
    const choice = chosen(chooseNext(situation(chain, { a: 0.5 }, candidates), policy, 'x'));
    expect(choice.candidates[0]!.activityId).toBe('d-1.2');
    expect(choice.candidates[0]!.probability).toBeGreaterThan(0.85);
  });
  it('are for new exercises over seen ones', () => {
    const candidates = [exercise('old', ['a'], { timesSeen: 3, lastSeenSequence: 1 }), exercise('new', ['a'])];
    const choice = chosen(chooseNext(situation(chain, { a: 0.7 }, candidates), policy, 'x'));
    expect(choice.candidates[0]!.activityId).toBe('new');
  });
});

describe('nothing to choose', () => {
  const reasonOf = (input: ChoiceInput): string => {
    const choice = chooseNext(input, policy, 'x');
    return choice.kind === 'chosen' ? choice.activityId : choice.reason;
  };
  it('says why', () => {
    expect(reasonOf(situation(chain, {}, []))).toBe('course-is-empty');
    expect(reasonOf(situation(chain, {}, [exercise('v', ['a'], { kind: 'visual-assignment' })]))).toBe(
      'course-is-empty',
    );
    expect(reasonOf(situation(chain, {}, [exercise('x', ['a'], { language: 'fr' })]))).toBe('nothing-fits-the-learner');
    expect(reasonOf(situation(chain, {}, [exercise('far', ['c'])]))).toBe('nothing-fits-the-learner');
    const allSeen = onePerSkill.map((each) => ({ ...each, timesSeen: 1, lastSeenSequence: 95 }));
    expect(reasonOf(situation(chain, { a: 0.9, b: 0.9, c: 0.9 }, allSeen))).toBe('everything-mastered-and-seen');
  });
});

/** Random courses: prerequisites only point back, so there is no circle. */
const course = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.record({
    prerequisites: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }),
    mastery: fc.array(fc.option(fc.double({ min: 0.02, max: 0.99, noNaN: true })), {
      minLength: size,
      maxLength: size,
    }),
    activities: fc.array(
      fc.record({
        skills: fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 3 }),
        kind: fc.constantFrom('exercise' as const, 'exercise' as const, 'explanation' as const),
        difficulty: fc.double({ min: -3, max: 3, noNaN: true }),
        seen: fc.option(fc.nat(100)),
      }),
      { maxLength: 60 },
    ),
    seed: fc.string(),
  }),
);
type Course = typeof course extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ prerequisites, mastery, activities }: Course): ChoiceInput {
  const skills = prerequisites.map((list, id) => ({
    id: `s${id}`,
    prerequisiteIds: id === 0 ? [] : [...new Set(list.map((each) => `s${each % id}`))],
  }));
  const known = Object.fromEntries(mastery.flatMap((value, id) => (value === null ? [] : [[`s${id}`, value]])));
  const candidates = activities.map(({ skills: ids, kind, difficulty, seen }, index) =>
    exercise(`activity-${index}`, [...new Set(ids.map((id) => `s${id}`))], {
      kind,
      difficulty,
      timesSeen: seen === null ? 0 : 1,
      lastSeenSequence: seen,
    }),
  );
  return situation(skills, known, candidates);
}

describe('laws', () => {
  it('never lets anything come before its prerequisites', () => {
    let choices = 0;
    fc.assert(
      fc.property(course, (random) => {
        const input = inputOf(random);
        const choice = chooseNext(input, policy, random.seed);
        if (choice.kind !== 'chosen') return;
        choices++;
        const node = new Map(input.skills.map((skill) => [skill.id, skill]));
        const require = (skillId: string): void => {
          for (const id of node.get(skillId)!.prerequisiteIds) {
            expect(isMastered(input.mastery(id), policy)).toBe(true);
            require(id);
          }
        };
        const offered = new Set(choice.candidates.map((each) => each.activityId));
        for (const each of input.candidates) if (offered.has(each.activityId)) each.skillIds.forEach(require);
      }),
      { numRuns: 300 },
    );
    expect(choices).toBeGreaterThan(50);
  });

  it('gives a whole distribution: it sums to 1, keeps the floor, and its terms sum to the utilities', () => {
    fc.assert(
      fc.property(course, (random) => {
        const choice = chooseNext(inputOf(random), policy, random.seed);
        if (choice.kind !== 'chosen') return;
        const { candidates } = choice;
        expect(candidates.length).toBeLessThanOrEqual(policy.shortlist);
        expect(candidates.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 10);
        for (const each of candidates) {
          expect(each.probability).toBeGreaterThanOrEqual(policy.epsilon / candidates.length - 1e-12);
          expect(each.terms.reduce((sum, term) => sum + term.value, 0)).toBeCloseTo(each.utility, 10);
        }
        const own = candidates.find((each) => each.activityId === choice.activityId)!;
        expect(choice.probability).toBe(own.probability);
      }),
    );
  });

  it('replays bit for bit, in whatever order the candidates come', () => {
    fc.assert(
      fc.property(course, (random) => {
        const input = inputOf(random);
        const first = chooseNext(input, policy, random.seed);
        const turned = { ...input, candidates: [...input.candidates].reverse() };
        expect(chooseNext(structuredCloneOf(input), policy, random.seed)).toEqual(first);
        expect(chooseNext(turned, policy, random.seed)).toEqual(first);
      }),
    );
  });

  it('gives a learner who has mastered everything reviews, and only those', () => {
    fc.assert(
      fc.property(course, (random) => {
        const input = inputOf({ ...random, mastery: random.mastery.map(() => 0.95) });
        const choice = chooseNext(input, policy, random.seed);
        const due = input.candidates.some(
          (each) => each.kind === 'exercise' && (each.lastSeenSequence ?? -Infinity) <= 100 - policy.repeatAfter,
        );
        expect(choice.kind).toBe(due ? 'chosen' : 'nothing-to-choose');
        if (choice.kind === 'chosen') expect(choice.reason.code).toBe('review-mastered');
      }),
    );
  });

  it('draws as often as it says', () => {
    const candidates = [-1.2, -0.6, 0.3].map((difficulty) => exercise(`d${difficulty}`, ['a'], { difficulty }));
    const input = situation(chain, { a: 0.6 }, candidates);
    const counts = new Map<string, number>();
    const draws = 5_000;
    for (let n = 0; n < draws; n++) {
      const { activityId } = chosen(chooseNext(input, policy, `seed-${n}`));
      counts.set(activityId, (counts.get(activityId) ?? 0) + 1);
    }
    for (const { activityId, probability } of chosen(chooseNext(input, policy, 'x')).candidates) {
      const error = Math.abs((counts.get(activityId) ?? 0) / draws - probability);
      expect(error).toBeLessThan(4 * Math.sqrt((probability * (1 - probability)) / draws));
    }
  });
});

function structuredCloneOf(input: ChoiceInput): ChoiceInput {
  return { ...input, skills: structuredClone(input.skills), candidates: structuredClone(input.candidates) };
}
