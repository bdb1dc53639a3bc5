import { blendshapeNames, poseAngles, sampleMeasures } from '#libs/kernel';
import type { Sample } from '../model/sample.js';
import { windowChannels, windowShape } from '../model/window.js';

/** True where a sample has the numbers that it should, and all of them are finite. */
export function isSound(sample: Sample): boolean {
  const { t, q, bs, pose, gaze, eye, hands, body } = sample;
  return (
    Number.isFinite(t) &&
    Number.isFinite(q) &&
    isWhole(bs, blendshapeNames.length) &&
    (isWhole(pose, sampleMeasures.pose.length) || isWhole(pose, poseAngles)) &&
    isWhole(gaze, sampleMeasures.gaze.length) &&
    isWhole(eye, sampleMeasures.eye.length) &&
    isWhole(hands, sampleMeasures.hands.length) &&
    isWhole(body, sampleMeasures.body.length)
  );
}

function isWhole(numbers: readonly (number | undefined)[] | null, length: number): boolean {
  return numbers === null || (numbers.length === length && numbers.every((number) => Number.isFinite(number)));
}

/** Writes the 76 channels of a sound sample, each within its limits and never −0, from a place on. */
export function writeRow(sample: Sample, into: Float32Array, place: number): void {
  const { face, q, bs, pose } = sample;
  const known = [1, face ? 1 : 0, q, bs === null ? 0 : 1, pose === null ? 0 : 1];
  for (let column = 0; column < windowShape.channels; column++) {
    const { part, index, scale, offset, low, high } = windowChannels[column]!;
    const number = (part === 'known' ? known : sample[part])?.[index];
    into[place + column] = number === undefined ? 0 : Math.min(high, Math.max(low, number * scale + offset)) + 0;
  }
}
