import { blendshapeNames } from '#libs/kernel';
import type { Sample } from '../sample.js';

/** A sample with everything that one can have. */
export function aSample(change: Partial<Sample> = {}): Sample {
  return {
    v: 1,
    t: 1_700_000_000_000,
    src: 'mediapipe',
    face: true,
    q: 0.9,
    bs: blendshapeNames.map((_, index) => index / 100),
    pose: [0.1, -0.2, 0.05, -3, 4, 60],
    gaze: [0.2, -0.1, 1],
    eye: [0.1, 0.3],
    hands: [0.5, 0.4, 1, 0.2],
    body: [0.1, -0.2, 0.7, 0.4],
    ...change,
  };
}
