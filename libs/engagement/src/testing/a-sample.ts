import { blendshapeNames } from '#libs/kernel';
import type { Sample } from '../model/sample.js';

/** Ends a window: every 2 s one does. */
export const aTime = 1_700_000_000_000;

/** A sample of somebody who looks at the screen. */
export function aSample(t: number, change: Partial<Sample> = {}): Sample {
  return {
    t,
    face: true,
    q: 0.9,
    bs: blendshapeNames.map((_, index) => index / 100),
    pose: [0.1, -0.2, 0.05, -3, 4, 60],
    gaze: [0.2, -0.1, 1],
    eye: [0.1, 0.3],
    hands: null,
    body: null,
    ...change,
  };
}

/** A sample of an empty chair. */
export function nobody(t: number): Sample {
  return { t, face: false, q: 0, bs: null, pose: null, gaze: null, eye: null, hands: null, body: null };
}
