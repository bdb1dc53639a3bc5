// Colours as amounts of light: only those may be averaged.
import type { LinearColour, Photo } from './messages.js';

/** Amount of light, 0 to 1, of each level of sRGB (IEC 61966-2-1). */
export const lightOf = Float64Array.from({ length: 256 }, (_, level) => {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/**
 * Mean and largest standard deviation of the light of some pixels; null where there are none.
 */
export function meanColour(
  { data }: Photo,
  counts: (at: number) => boolean,
): { colour: LinearColour; spread: number } | null {
  const [sums, squares] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  let count = 0;
  for (let at = 0; at < data.length / 3; at++) {
    if (!counts(at)) continue;
    count++;
    for (let channel = 0; channel < 3; channel++) {
      const light = lightOf[data[3 * at + channel]!]!;
      sums[channel]! += light;
      squares[channel]! += light * light;
    }
  }
  if (count === 0) return null;
  const [red, green, blue] = sums.map((sum) => sum / count) as [number, number, number];
  const spread = Math.max(
    ...squares.map((square, at) => Math.sqrt(Math.max(0, square / count - (sums[at]! / count) ** 2))),
  );
  return { colour: [red, green, blue], spread };
}

/**
 * Mean light of each thing.
 * @returns by label − 1
 */
export function coloursByLabel({ data }: Photo, labels: Int32Array, count: number): LinearColour[] {
  const sums = new Float64Array(4 * (count + 1));
  labels.forEach((label, at) => {
    for (let channel = 0; channel < 3; channel++) sums[4 * label + channel]! += lightOf[data[3 * at + channel]!]!;
    sums[4 * label + 3]!++;
  });
  return Array.from({ length: count }, (_, index) => {
    const [red = 0, green = 0, blue = 0, pixels = 1] = sums.subarray(4 * index + 4, 4 * index + 8);
    return [red / pixels, green / pixels, blue / pixels];
  });
}
