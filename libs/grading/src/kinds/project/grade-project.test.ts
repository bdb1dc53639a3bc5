import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradeProject } from './grade-project.js';
import { projectSchema, type Project } from './project.js';

const labels = ['circle', 'square', 'triangle'];
const hints = {
  orient: 'Look at the confusion matrix.',
  point: 'Which label is weakest?',
  show: 'Give it more examples.',
};
const aProject = (...criteria: object[]): Project =>
  projectSchema.parse({
    kind: 'project',
    version: 1,
    testSet: '018f3b9e-7c1d-7000-8000-000000000001',
    criteria: criteria.map((criterion, index) => ({
      id: `c${index}`,
      label: 'Accuracy',
      measure: 'accuracy',
      floor: 0.5,
      target: 0.9,
      points: 4,
      skill: 'shapes',
      hints,
      ...criterion,
    })),
  });
const judged = (...pairs: readonly [string, string, number][]) =>
  pairs.flatMap(([truth, given, times]) => Array.from({ length: times }, () => ({ truth, given })));

describe('the score of a project', () => {
  it('rises from the floor to the target', () => {
    const project = aProject({});
    const of = (right: number) =>
      gradeProject(project, labels, judged(['circle', 'circle', right], ['circle', 'square', 100 - right])).total;
    expect([0, 50, 60, 70, 90, 100].map(of)).toEqual([0, 0, 1, 2, 4, 4]);
  });

  it('says of each criterion what was reached, and which label is weakest', () => {
    const { criteria, report, total, maximum } = gradeProject(
      aProject({}, { measure: 'recall', of: 'square', label: 'Squares', floor: 0, target: 1, points: 2 }),
      labels,
      judged(['circle', 'circle', 8], ['square', 'circle', 1], ['square', 'square', 3], ['triangle', 'triangle', 8]),
    );
    expect({ total, maximum }).toEqual({ total: 5.5, maximum: 6 });
    expect(criteria).toMatchObject([
      { criterionId: 'c0', awarded: 4, error: null, hint: null, confidence: 1 },
      {
        criterionId: 'c1',
        awarded: 1.5,
        error: 'below-target',
        hint: { key: 'below-target', parameters: { measure: 'recall', value: 0.75, target: 1, weakest: 'square' } },
      },
    ]);
    expect(report).toMatchObject({
      examples: 20,
      accuracy: 0.95,
      confusion: [
        [8, 0, 0],
        [1, 3, 0],
        [0, 0, 8],
      ],
      weakest: 'square',
      mostConfused: [{ given: 'circle', instead: 'square', examples: 1, of: 4 }],
    });
  });

  it('never falls when one more prediction is right, by accuracy, and stays within its points', () => {
    const project = aProject({}, { measure: 'macro-f1' }, { measure: 'kappa' }, { measure: 'balanced-accuracy' });
    const example = fc.record({ truth: fc.constantFrom(...labels), given: fc.constantFrom(...labels) });
    fc.assert(
      fc.property(fc.array(example, { minLength: 1, maxLength: 40 }), (examples) => {
        const before = gradeProject(project, labels, examples);
        for (const { awarded, points } of before.criteria) {
          expect(awarded).toBeGreaterThanOrEqual(0);
          expect(awarded).toBeLessThanOrEqual(points);
        }
        const mended = examples.map((each, index) => (index === 0 ? { ...each, given: each.truth } : each));
        const after = gradeProject(project, labels, mended);
        expect(after.criteria[0]!.awarded).toBeGreaterThanOrEqual(before.criteria[0]!.awarded);
        // The order of the test images says nothing.
        expect(gradeProject(project, labels, [...examples].reverse())).toEqual(before);
      }),
    );
  });

  it('is not declared by what cannot be measured', () => {
    const wrong = (criterion: object) => () => aProject(criterion);
    expect(wrong({ target: 0.5 })).toThrow('must be above the floor');
    expect(wrong({ measure: 'recall' })).toThrow('name the label');
    expect(wrong({ of: 'circle' })).toThrow('accuracy is of all labels');
    expect(() => aProject({ id: 'same' }, { id: 'same' })).toThrow('stands here twice');
  });
});
