import { describe, expect, it } from 'vitest';
import { assignPolicy, fringeAndBand, type PolicyPlan, type StoredPolicy } from '#libs/recommendation';
import { emptyLearnerState } from '../model/learner-state.js';
import { aCatalogue, aSituation } from '../testing/a-lesson.js';
import { decideIntervention, decideNext } from './choose-activity.js';
import { coursePolicies } from './course-model.js';
import { citedPolicy, policyFor } from './policy-of.js';

const now = new Date('2026-11-26T10:00:00Z');
const base = { name: fringeAndBand.name, version: fringeAndBand.version };
const bold: StoredPolicy = { name: 'bold', version: 1, base, changes: { epsilon: 0.3, weights: { variety: 1 } } };
const plan: PolicyPlan = {
  version: 1,
  arms: [
    { policy: base, share: 0.5 },
    { policy: { name: 'bold', version: 1 }, share: 0.5 },
  ],
  salt: 'autumn',
  notice: true,
  startsAt: now.getTime() - 1,
  endsAt: null,
};
const free = { pseudonym: 'ada', optedOut: false, graded: false };
const course = (stored: readonly StoredPolicy[], itsPlan: unknown) => ({
  ...aCatalogue(),
  masteryThreshold: 0.9,
  ...coursePolicies(stored, itsPlan),
});
const pseudonyms = Array.from({ length: 40 }, (_, n) => `learner-${n}`);

describe('the policy for a learner', () => {
  it('is the default without a plan, with the threshold of the course', () => {
    const { policy, explore } = policyFor(course([bold], null), free, now);
    expect(policy).toEqual({ ...fringeAndBand, masteryThreshold: 0.9 });
    expect(explore).toBe(true);
  });
  it('is the one of her arm', () => {
    const catalogue = course([bold], plan);
    const names = pseudonyms.map((pseudonym) => policyFor(catalogue, { ...free, pseudonym }, now).policy.name);
    const circumstances = { now: now.getTime(), optedOut: false, gradedWork: false };
    expect(names).toEqual(pseudonyms.map((each) => assignPolicy(plan, each, circumstances).policy.name));
    expect(new Set(names).size).toBe(2);
    const inBold = { ...free, pseudonym: pseudonyms[names.indexOf('bold')]! };
    expect(policyFor(catalogue, inBold, now).policy).toMatchObject({
      version: 1,
      epsilon: 0.3,
      masteryThreshold: 0.9,
      weights: { ...fringeAndBand.weights, variety: 1 },
    });
  });
  it.each([
    ['for graded work', { graded: true }],
    ['for whoever opted out', { optedOut: true }],
  ])('is the control %s, and nothing is explored', (_, which) => {
    for (const itsPlan of [plan, null]) {
      const catalogue = course([bold], itsPlan);
      for (const pseudonym of pseudonyms) {
        const { policy, explore } = policyFor(catalogue, { ...free, pseudonym, ...which }, now);
        expect(explore).toBe(false);
        expect(policy).toMatchObject({ name: `${fringeAndBand.name}:greedy`, epsilon: 0, masteryThreshold: 0.9 });
      }
    }
  });
  it('is the default where what is stored can no longer be read', () => {
    const lost = { ...bold, base: { name: 'forgotten', version: 7 } };
    const onlyBold = { ...plan, arms: [{ policy: { name: 'bold', version: 1 }, share: 1 }] };
    expect(coursePolicies([lost], onlyBold)).toEqual({ policies: [], plan: onlyBold });
    for (const catalogue of [course([lost], onlyBold), course([bold], { version: 2 })]) {
      expect(policyFor(catalogue, free, now).policy.name).toBe(fringeAndBand.name);
    }
  });
});

it('a cited policy is found again, greedy or not', () => {
  const catalogue = course([bold], plan);
  expect(citedPolicy(catalogue, 'bold', 1)).toMatchObject({ name: 'bold', epsilon: 0.3, masteryThreshold: 0.9 });
  expect(citedPolicy(catalogue, 'bold:greedy', 1)).toMatchObject({ name: 'bold:greedy', epsilon: 0, shortlist: 1 });
  expect(citedPolicy(catalogue, `${base.name}:greedy`, base.version)?.epsilon).toBe(0);
  expect(citedPolicy(catalogue, 'bold', 2)).toBeNull();
});

it('upon graded work nothing is left to chance, neither the next activity nor help', () => {
  const catalogue = course([bold], plan);
  const graded = { ...aSituation(emptyLearnerState()), graded: true };
  const chosen = ['a', 'b', 'c', 'd', 'e'].map((decisionId) => {
    const around = { now, decisionId, interventionId: decisionId };
    const { decision } = decideNext(catalogue, graded, graded.state, around);
    const item = catalogue.activities.get('activity-0')!;
    const need = {
      trigger: 'asked-for-help' as const,
      item,
      skillIds: item.skillIds,
      engagement: { source: 'rules' },
      causeId: 'cause',
    };
    const { intervention } = decideIntervention(catalogue, graded, graded.state, need, around);
    expect(decision).toMatchObject({ probability: 1, policyName: `${base.name}:greedy`, policyVersion: base.version });
    expect(intervention!.draw).toMatchObject({ probability: 1, policyName: `${base.name}:greedy`, helpOptions: null });
    return [decision!.activityId, intervention!.activityId].join();
  });
  expect(new Set(chosen).size).toBe(1);
});
