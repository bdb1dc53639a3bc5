import { expect, it } from 'vitest';
import { blendshapeNames } from '#libs/kernel';
import { mirrorSample } from './mirror-sample.js';
import { aSample } from './testing/a-sample.js';

it('changes left and right, and nothing else', () => {
  const sample = aSample();
  const mirrored = mirrorSample(sample);
  expect(mirrored).toMatchObject({
    pose: [-0.1, -0.2, -0.05, 3, 4, 60],
    gaze: [-0.2, -0.1, 1],
    body: [-0.1, 0.2, 0.7, 0.4],
    eye: sample.eye,
    hands: sample.hands,
    q: sample.q,
  });
  const at = (name: (typeof blendshapeNames)[number]): number => blendshapeNames.indexOf(name);
  expect(mirrored.bs![at('mouthLeft')]).toBe(sample.bs![at('mouthRight')]);
  expect(mirrored.bs![at('eyeLookInRight')]).toBe(sample.bs![at('eyeLookInLeft')]);
  expect(mirrored.bs![at('jawOpen')]).toBe(sample.bs![at('jawOpen')]);
});

it('is undone by itself', () => {
  for (const sample of [
    aSample(),
    aSample({ pose: [0, 0, 0] }),
    aSample({ bs: null, pose: null, gaze: null, body: null }),
  ])
    expect(mirrorSample(mirrorSample(sample))).toEqual(sample);
});
