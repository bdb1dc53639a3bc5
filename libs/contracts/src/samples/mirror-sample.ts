import { blendshapeNames, sampleMeasures, type Measure } from '#libs/kernel';
import type { Sample } from './sample.js';

/** For each blendshape, the one that is it in a mirror: `eyeBlinkRight` for `eyeBlinkLeft`. */
const inMirror: readonly number[] = blendshapeNames.map((name) => {
  const other = name.replace(/(Left|Right)$/, (side) => (side === 'Left' ? 'Right' : 'Left'));
  return (blendshapeNames as readonly string[]).indexOf(other);
});

/** The sample that the same look gives in a mirror: left and right change places. Twice, it is the sample itself. */
export function mirrorSample(sample: Sample): Sample {
  const { bs, pose, gaze, body } = sample;
  return {
    ...sample,
    bs: bs && inMirror.map((other) => bs[other]!),
    pose: flip(sampleMeasures.pose, pose),
    gaze: flip(sampleMeasures.gaze, gaze),
    body: flip(sampleMeasures.body, body),
  };
}

function flip<T extends readonly (number | undefined)[]>(measures: readonly Measure[], numbers: T | null): T | null {
  // 0 stays 0: −0 is another number for those who compare.
  return (
    numbers && (numbers.map((number, index) => (measures[index]!.sideways ? 0 - number! : number)) as unknown as T)
  );
}
