import { expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import type { LabelledImage, TrainingDataset } from '../model/dataset.js';
import { datasetSchema } from '../model/training-plan.js';
import { freezePlan, type FreezePlan } from './freeze-plan.js';

const aDataset: TrainingDataset = {
  id: 'd',
  courseId: 'c',
  name: 'Cells',
  description: 'Cells.',
  consentBasis: 'consent',
  licence: 'CC0-1.0',
  isSynthetic: false,
  splitBy: 'student',
  task: 'image-classification',
  createdBy: 'p',
  createdAt: new Date(0),
};
const images = (label: string, groups: readonly (string | null)[]): LabelledImage[] =>
  groups.map((group, n) => ({
    id: `${label}${n}`,
    datasetId: 'd',
    sha256: `${label.length}${n}`.padStart(64, 'a'),
    mediaType: 'image/png',
    label,
    boxes: null,
    group,
    attributes: {},
    submissionId: null,
    labelledBy: 'p',
    labelledAt: new Date(0),
  }));
const issuesOf = (dataset: TrainingDataset, all: readonly LabelledImage[]): string[] => {
  const plan = freezePlan(dataset, all, 1);
  return isFailure(plan) ? plan.issues!.map(({ path, message }) => `${path} ${message}`) : [];
};

it('says what is missing, label by label', () => {
  expect(issuesOf(aDataset, images('one', ['a', 'b', 'c', 'd', 'e']))).toEqual([
    'labels at least two labels are needed to tell anything apart',
  ]);
  const wanting = [
    ...images('few', ['a', 'b', 'c']),
    ...images('stray', ['a', 'b', 'c', 'd', null]),
    ...images('two groups', ['a', 'a', 'a', 'b', 'b']),
  ];
  expect(issuesOf(aDataset, wanting)).toEqual([
    expect.stringMatching(/^labels\.few needs at least 5/),
    expect.stringMatching(/^labels\.stray has images without a student/),
    expect.stringMatching(/^labels\.two groups needs images of at least 3 students; there are 2/),
  ]);
});

it('refuses a split that has nothing of a label', () => {
  // Those who have the rare one have so much of the common one that only training has room for it.
  const times = (count: number, group: string): string[] => Array<string>(count).fill(group);
  const skewed = [
    ...images('common', [
      ...times(12, 'h1'),
      ...times(11, 'h2'),
      ...times(10, 'h3'),
      ...['g1', 'g2', 'g3'].flatMap((group) => times(8, group)),
    ]),
    ...images('rare ones', ['g1', 'g1', 'g2', 'g2', 'g3', 'g3']),
  ];
  expect(issuesOf(aDataset, skewed)).toEqual([
    expect.stringMatching(/^labels\.rare ones has nothing left for validation: label images of more students/),
    expect.stringMatching(/^labels\.rare ones has nothing left for test/),
  ]);
});

it('tells nobody of whom images are that are split one by one', () => {
  const one = { ...aDataset, splitBy: 'image' } as const;
  const plan = freezePlan(one, [...images('red', Array(20).fill('a')), ...images('blue!', Array(20).fill('a'))], 1);
  if (isFailure(plan)) throw new Error(plan.message);
  expect(new Set(plan.index.items.map(({ group }) => group))).toEqual(new Set([null]));
  expect(plan.index.card.split).toEqual({ training: 28, validation: 6, test: 6 });
});

it('knows whose works are among the images, and says it in nothing that travels', () => {
  const one = { ...aDataset, splitBy: 'image' } as const;
  const works = images('red', ['ben', 'ann', 'ann', 'cai', 'dee']).map((image) => ({ ...image, submissionId: 's' }));
  const uploads = images('blue', Array(5).fill('eve'));
  const plan = freezePlan(one, [...works, ...uploads], 1);
  if (isFailure(plan)) throw new Error(plan.message);
  expect(plan.learners).toEqual(['ann', 'ben', 'cai', 'dee']);
  expect(JSON.stringify(plan.index)).not.toMatch(/ann|ben|cai|dee|eve/);
});

it('lays out images with boxes without folders of labels, counts their boxes, and keeps those without', () => {
  const detection = { ...aDataset, splitBy: 'image', task: 'object-detection' } as const;
  const box = { label: 'cell', x: 1, y: 2, width: 3, height: 4 };
  const points = { tip: [1, 2], base: [2, 3] } as const;
  const boxed = (count: number, boxes: LabelledImage['boxes'], from: number): LabelledImage[] =>
    images('x', Array(count).fill(null)).map((image, n) => ({
      ...image,
      sha256: `${from + n}`.padStart(64, 'b'),
      label: null,
      boxes,
    }));
  const all = [
    ...boxed(20, [{ ...box, keypoints: points }], 0),
    ...boxed(
      10,
      [
        { ...box, keypoints: {} },
        { ...box, label: 'spore', keypoints: {} },
        { ...box, keypoints: {} },
      ],
      20,
    ),
    ...boxed(10, [], 30),
  ];
  const plan = freezePlan(detection, all, 1);
  if (isFailure(plan)) throw new Error(JSON.stringify(plan.issues));
  const { index } = plan;
  expect(datasetSchema.parse(index)).toEqual(index);
  expect(index).toMatchObject({ task: 'object-detection', labels: ['cell', 'spore'] });
  expect(index.card).toMatchObject({ examples: 40, perLabel: { cell: 40, spore: 10 } });
  for (const { path, split, sha256, label } of index.items) {
    expect([path, label]).toEqual([`${split}/images/${sha256}.png`, null]);
  }
  const bare = index.items.filter(({ boxes }) => boxes!.length === 0);
  expect(new Set(bare.map(({ split }) => split)).size).toBe(3);
  const turned = all.map((image) => ({
    ...image,
    boxes: image.boxes!.map((each) => ({
      ...each,
      keypoints: Object.fromEntries(Object.entries(each.keypoints).toReversed()),
    })),
  }));
  expect(JSON.stringify((freezePlan(detection, turned, 1) as FreezePlan).index)).toBe(JSON.stringify(index));
  expect(issuesOf(detection, boxed(9, [], 0))).toEqual(['labels at least one box is needed']);
  const few = [...boxed(9, [], 0), ...boxed(4, [{ ...box, keypoints: {} }], 9)];
  expect(issuesOf(detection, few)).toEqual(['labels.cell needs at least 5 images; there are 4']);
  expect(issuesOf({ ...detection, splitBy: 'student' }, all)).toContain('images some without boxes have no student');
  const names = Object.fromEntries(Array.from({ length: 21 }, (_, n): [string, [number, number]] => [`k${n}`, [1, 1]]));
  expect(issuesOf(detection, boxed(9, [{ ...box, keypoints: names }], 0))).toEqual([
    expect.stringContaining('20 names of keypoints'),
  ]);
});
