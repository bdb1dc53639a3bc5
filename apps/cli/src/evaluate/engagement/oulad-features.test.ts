import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRegisteredAt, missingShareAt, ouladFeatures, ouladFeaturesAt } from './oulad-features.js';
import type { Enrolment, Presentation, Submission } from './oulad-records.js';

const presentation: Presentation = {
  module: 'AAA',
  name: '2014J',
  days: 260,
  assessments: [
    { id: 'a', isAutomatic: false, due: 20, weight: 10 },
    { id: 'b', isAutomatic: true, due: 40, weight: 30 },
    { id: 'c', isAutomatic: false, due: 60, weight: 60 },
  ],
};

function anEnrolment(given: Partial<Enrolment> = {}): Enrolment {
  return {
    student: '1',
    presentation,
    previousAttempts: 0,
    credits: 60,
    registered: -30,
    left: null,
    submissions: [],
    didNotPass: false,
    ...given,
  };
}

function told(enrolment: Enrolment, day: number): Record<string, number> {
  return Object.fromEntries(ouladFeaturesAt(enrolment, day).map((value, at) => [ouladFeatures[at], value]));
}

const day = fc.integer({ min: -20, max: 120 });
const submissions = fc.uniqueArray(
  fc.record({
    assessment: fc.constantFrom('a', 'b', 'c'),
    day,
    isBanked: fc.boolean(),
    score: fc.option(fc.integer({ min: 0, max: 100 })),
  }),
  { selector: ({ assessment }) => assessment, maxLength: 3 },
);

describe('what is known of a student', () => {
  it('is what she has handed in, when, and what is marked', () => {
    const enrolment = anEnrolment({
      submissions: [
        { assessment: 'a', day: 23, isBanked: false, score: 80 },
        { assessment: 'c', day: 45, isBanked: false, score: 50 },
      ],
    });
    expect(told(enrolment, 50)).toMatchObject({
      due: 2,
      onTime: 0,
      late: 1,
      missing: 1,
      missingShare: 0.5,
      missingLast: 1,
      missingInARow: 1,
      ahead: 1,
      lastEarliness: -3,
      daysSinceLast: 5,
      scored: 1,
      meanScore: 80,
      weightDue: 0.4,
      weightEarned: 0.08,
    });
    expect(told(enrolment, 50)['weightLost']).toBeCloseTo(0.1 * 0.2 + 0.3, 12);
    // Handed in on day 23 and marked two weeks later.
    expect(told(enrolment, 37)['scored']).toBe(0);
    expect(told(enrolment, 38)['scored']).toBe(1);
    expect(missingShareAt(enrolment, 20)).toBe(0);
    expect(missingShareAt(enrolment, 21)).toBe(1);
  });

  it('does not depend on what comes', () => {
    fc.assert(
      fc.property(submissions, submissions, day, fc.option(day), fc.boolean(), (known, other, now, left, outcome) => {
        const isPast = (each: Submission): boolean => each.day < now;
        const past = known.filter(isPast);
        const handedIn = new Set(past.map(({ assessment }) => assessment));
        const future = other.filter((each) => !isPast(each) && !handedIn.has(each.assessment));
        const unmarked = past.map((each) => {
          const { due, isAutomatic } = presentation.assessments.find(({ id }) => id === each.assessment)!;
          const isMarked = each.isBanked || Math.max(due, each.day) + (isAutomatic ? 0 : 14) < now;
          return isMarked ? each : { ...each, score: 7 };
        });
        const one = anEnrolment({ submissions: past });
        const another = anEnrolment({
          submissions: [...future, ...unmarked],
          left: left === null || left < now ? null : left,
          didNotPass: outcome,
        });
        expect(ouladFeaturesAt(another, now)).toEqual(ouladFeaturesAt(one, now));
        expect(missingShareAt(another, now)).toBe(missingShareAt(one, now));
        expect(isRegisteredAt(another, now)).toBe(isRegisteredAt(one, now));
      }),
    );
  });

  it('is asked from registering to leaving', () => {
    const enrolment = anEnrolment({ registered: 3, left: 28 });
    expect([3, 4, 28, 29].map((at) => isRegisteredAt(enrolment, at))).toEqual([false, true, true, false]);
  });

  it('weighs assessments alike where none has a weight', () => {
    const assessments = presentation.assessments.map((each) => ({ ...each, weight: 0 }));
    const enrolment = anEnrolment({ presentation: { ...presentation, assessments } });
    expect(told(enrolment, 50)['weightLost']).toBeCloseTo(2 / 3, 12);
  });
});
