import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../datasets.js';
import type { Enrolment } from './oulad-records.js';
import { splitByPresentation } from './oulad-split.js';

const names = ['2013B', '2013J', '2014B', '2014J'];

function anEnrolment(student: string, module: string, name: string): Enrolment {
  return {
    student,
    presentation: { module, name, days: 240, assessments: [] },
    previousAttempts: 0,
    credits: 60,
    registered: -10,
    left: null,
    submissions: [],
    didNotPass: false,
  };
}

const enrolments = fc
  .array(fc.tuple(fc.nat({ max: 30 }), fc.constantFrom('AAA', 'BBB'), fc.constantFrom(...names)), { maxLength: 60 })
  .map((drawn) => [
    ...names.map((name, at) => anEnrolment(`first ${at}`, 'AAA', name)),
    ...drawn.map(([student, module, name]) => anEnrolment(`${student}`, module, name)),
  ]);

describe('a split by presentation', () => {
  it('has no student and no presentation on both sides, and scores all of the latest', () => {
    fc.assert(
      fc.property(enrolments, (all) => {
        const { heldOut, training, validation, earlier } = splitByPresentation(all);
        expect(heldOut).toEqual(all.filter(({ presentation }) => presentation.name === '2014J'));
        for (const [later, before] of [
          [heldOut, training],
          [validation, earlier],
        ] as const) {
          const students = new Set(later.map(({ student }) => student));
          const latest = new Set(later.map(({ presentation }) => presentation.name));
          expect(
            before.some(({ student, presentation }) => students.has(student) || latest.has(presentation.name)),
          ).toBe(false);
        }
        expect([...validation, ...earlier].every((each) => training.includes(each))).toBe(true);
      }),
    );
  });

  it('needs three presentations', () => {
    const two = [anEnrolment('1', 'AAA', '2013J'), anEnrolment('2', 'AAA', '2014J')];
    expect(() => splitByPresentation(two)).toThrow(DatasetError);
  });
});
