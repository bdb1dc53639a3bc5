import type { Frame } from './compose-sample.js';
import { between, distance, type Point } from './face-geometry.js';

/** What is read of a body, in pixels; left and right are the learner's. */
export interface UpperBody {
  readonly nose: Point;
  readonly leftShoulder: Point;
  readonly rightShoulder: Point;
}

/**
 * What a sample tells of a body: how much lower the right shoulder is, in radians; the nose beside and above the middle
 * of the shoulders, in widths of the shoulders; and their width in widths of the frame.
 */
export function bodyOf({ nose, leftShoulder, rightShoulder }: UpperBody, frame: Frame): readonly number[] {
  const width = distance(leftShoulder, rightShoulder);
  const middle = between(leftShoulder, rightShoulder);
  return [
    Math.atan2(rightShoulder[1] - leftShoulder[1], Math.abs(rightShoulder[0] - leftShoulder[0])),
    (middle[0] - nose[0]) / width,
    (middle[1] - nose[1]) / width,
    width / frame.width,
  ];
}
