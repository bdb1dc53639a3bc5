import { describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { refusePackage, type PackageVerifier } from '#libs/models';
import type { OpenTestSet } from '#libs/training';
import { projectSchema } from './project.js';
import { ProjectGrader } from './project.grader.js';

const id = '018f3b9e-7c1d-7000-8000-000000000001';
const specification = projectSchema.parse({
  kind: 'project',
  version: 1,
  testSet: id,
  criteria: [
    {
      id: 'accuracy',
      label: 'Accuracy',
      measure: 'accuracy',
      floor: 0,
      target: 1,
      points: 10,
      skill: 'shapes',
      hints: { orient: 'Look.', point: 'There.', show: 'So.' },
    },
  ],
});
const testSet: OpenTestSet = {
  id,
  courseId: id,
  datasetId: id,
  name: 'Shapes',
  seed: 1,
  labels: ['circle', 'square'],
  examples: { training: 8, validation: 2, test: 2 },
  sha256: 'a'.repeat(64),
  handOut: { sha256: 'b'.repeat(64), bytes: 1 },
  createdBy: id,
  createdAt: new Date(0),
  archive: '/nowhere/set.zip',
  answers: [
    { example: '1.png', path: 'test/1.png', label: 'circle' },
    { example: '2.png', path: 'test/2.png', label: 'square' },
  ],
};
const grade = (judge: PackageVerifier['judge']) =>
  new ProjectGrader({ open: () => Promise.resolve(testSet) }, { judge }).grade({
    actor: dangerousSystemActor(id),
    courseId: id,
    specification,
    marks: [],
    file: { kind: 'package', path: '/nowhere/package.zip' },
    picture: null,
  });

describe('a package that judges hidden images', () => {
  it('is asked about all of them, and scored by what is right', async () => {
    const asked: unknown[] = [];
    const result = await grade((path, pictures) => {
      asked.push(path, pictures);
      return Promise.resolve({ kind: 'judged', labels: ['circle', 'circle'] });
    });
    expect(asked).toEqual([
      '/nowhere/package.zip',
      { archive: '/nowhere/set.zip', paths: ['test/1.png', 'test/2.png'], labels: ['circle', 'square'] },
    ]);
    expect(result).toMatchObject({ kind: 'graded', total: 5, report: { accuracy: 0.5, weakest: 'square' } });
  });

  it('is refused with the reason, and otherwise where it takes too much', async () => {
    const outcomes = [
      refusePackage('pickle', 'model.pkl'),
      refusePackage('too-slow'),
      refusePackage('ran-out-of-memory'),
    ];
    const reasons = await Promise.all(outcomes.map((outcome) => grade(() => Promise.resolve(outcome))));
    expect(reasons).toMatchObject([
      { reason: 'package-refused', isPassing: false, detail: expect.stringMatching(/pickle.*\(model\.pkl\)/) },
      { reason: 'package-exhausted', isPassing: false },
      { reason: 'package-exhausted', isPassing: false },
    ]);
  });

  it('is not blamed where the process was ended from outside: the same is tried again', async () => {
    const result = await grade(() => Promise.reject(new Error('was ended by SIGKILL')));
    expect(result).toMatchObject({ kind: 'ungraded', reason: 'model-failed', isPassing: true });
  });
});
