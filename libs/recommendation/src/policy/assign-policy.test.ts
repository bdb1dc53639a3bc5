import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicyPlan, type PolicyPlan } from '../model/policy-plan.js';
import { assignPolicy, readCitedName, withoutExploration } from './assign-policy.js';
import { chooseNext } from './choose-next.js';
import { fringeAndBand } from './fringe-and-band.js';

const arm = (name: string, share: number) => ({ policy: { name, version: 1 }, share });
const plan = (...shares: number[]): PolicyPlan => ({
  version: 1,
  arms: shares.map((share, index) => arm(`arm-${index}`, share)),
  salt: 'autumn',
  notice: true,
  startsAt: 1_000,
  endsAt: 2_000,
});
const running = { now: 1_500, optedOut: false, gradedWork: false };

describe('an assignment', () => {
  it('is in the shares of the plan', () => {
    const shares = [0.5, 0.2, 0, 0.3];
    const counts = shares.map(() => 0);
    const learners = 20_000;
    for (let n = 0; n < learners; n++) counts[assignPolicy(plan(...shares), `learner-${n}`, running).arm]! += 1;
    shares.forEach((share, index) => {
      const error = Math.abs(counts[index]! / learners - share);
      expect(error).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / learners));
    });
  });
  it('of two plans is independent', () => {
    const both = [0, 0, 0, 0];
    const learners = 10_000;
    for (let n = 0; n < learners; n++) {
      const one = assignPolicy(plan(0.5, 0.5), `learner-${n}`, running).arm;
      const other = assignPolicy({ ...plan(0.5, 0.5), salt: 'spring' }, `learner-${n}`, running).arm;
      both[2 * one + other]! += 1;
    }
    for (const count of both) expect(Math.abs(count / learners - 0.25)).toBeLessThan(0.02);
  });
  it('is the control for who opted out, with nothing explored', () => {
    fc.assert(
      fc.property(fc.string(), (learner) => {
        const assigned = assignPolicy(plan(0, 1), learner, { ...running, optedOut: true });
        expect(assigned).toMatchObject({ arm: 0, explore: false, why: 'opted-out', probability: 1 });
      }),
    );
  });
  it('is the control before the plan starts and once it has ended', () => {
    for (const now of [999, 2_000]) {
      expect(assignPolicy(plan(0, 1), 'ada', { ...running, now })).toMatchObject({ arm: 0, why: 'not-running' });
    }
    const endless = { ...plan(0, 1), endsAt: null };
    expect(assignPolicy(endless, 'ada', { ...running, now: 1e15 })).toMatchObject({ arm: 1, why: 'assigned' });
  });
  it('is the control for graded work, with nothing explored', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (learner, share) => {
        const free = assignPolicy(plan(share, 1 - share), learner, running);
        expect(free).toMatchObject({ explore: true, why: 'assigned' });
        expect(free.probability).toBeGreaterThan(0);
        for (const now of [999, 1_500, 2_000]) {
          const graded = assignPolicy(plan(share, 1 - share), learner, { ...running, now, gradedWork: true });
          expect(graded).toMatchObject({ arm: 0, probability: 1, explore: false, why: 'graded-work' });
        }
      }),
    );
  });
  it('stays where it was when an arm takes from the last', () => {
    for (let n = 0; n < 200; n++) {
      const before = assignPolicy(plan(0.5, 0.5), `learner-${n}`, running).arm;
      const after = assignPolicy(plan(0.5, 0.2, 0.3), `learner-${n}`, running).arm;
      expect(before === 0 ? after : after > 0).toBe(before === 0 ? 0 : true);
    }
  });
});

it('the name that a greedy choice cites leads back to its policy', () => {
  expect(readCitedName(withoutExploration(fringeAndBand).name)).toEqual({ name: fringeAndBand.name, explore: false });
  expect(readCitedName(fringeAndBand.name)).toEqual({ name: fringeAndBand.name, explore: true });
});

it('without exploration the choice is the best, whatever the seed', () => {
  const candidates = ['b', 'a', 'c'].map((activityId) => ({
    activityId,
    kind: 'exercise' as const,
    modality: 'text' as const,
    language: 'en',
    skillIds: ['s'],
    difficulty: 0,
    timesSeen: activityId === 'c' ? 1 : 0,
    lastSeenSequence: null,
  }));
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const choice = chooseNext(
        {
          skills: [{ id: 's', prerequisiteIds: [] }],
          mastery: (skillId) => ({ skillId, probability: 0.6, low: 0, high: 1, responses: 5 }),
          expectedSuccess: () => 0.6,
          candidates,
          sequence: 9,
          learner: { languages: [], excludedModalities: [] },
        },
        withoutExploration(fringeAndBand),
        seed,
      );
      expect(choice).toMatchObject({
        activityId: 'a',
        probability: 1,
        policy: { name: `${fringeAndBand.name}:greedy` },
      });
    }),
  );
});

describe('a plan', () => {
  it('is JSON, and nothing else is read as one', () => {
    const given = plan(0.1, 0.2, 0.7);
    expect(parsePolicyPlan(JSON.parse(JSON.stringify(given)))).toEqual(given);
    const wrong = [
      null,
      plan(),
      plan(0.5, 0.4),
      { ...given, notice: false },
      { ...given, endsAt: 500 },
      { ...given, salt: '' },
    ];
    for (const each of wrong) expect(() => parsePolicyPlan(each)).toThrow(TypeError);
  });
});
