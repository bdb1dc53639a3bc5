import { z } from 'zod';
import type { FailureIssue } from '#libs/kernel';
import type { Box } from '../model/dataset.js';
import { datasetLimits } from './dataset-limits.js';
import { unprintable } from './files-to-label.js';

/** Pixels, upright. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Composed (NFC), without spaces around it and without control characters. */
const name = (longest: number) =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => !unprintable.test(text), 'has control characters');
const place = z.number().min(0);
const { keypoints: mostKeypoints } = datasetLimits;

/** The boxes of one picture, as people and programs send them; whether they lie in the picture is asked apart. */
export const boxesSchema = z
  .array(
    z.strictObject({
      label: name(datasetLimits.label),
      x: place,
      y: place,
      width: z.number().positive(),
      height: z.number().positive(),
      keypoints: z
        .record(name(datasetLimits.keypoint), z.tuple([place, place]))
        .refine((points) => Object.keys(points).length <= mostKeypoints, `at most ${mostKeypoints} in a box`)
        .nullish()
        .transform((given) => given ?? {}),
    }),
  )
  .max(datasetLimits.boxes);

/** Of a pixel: what arithmetic may add. */
const slack = 0.01;

/** Says which boxes and keypoints reach out of their picture. */
export function outsideOf(boxes: readonly Box[], { width, height }: PictureSize): FailureIssue[] {
  const isInside = (x: number, y: number): boolean =>
    x >= -slack && y >= -slack && x <= width + slack && y <= height + slack;
  const picture = `the picture, which has ${width} × ${height} pixels`;
  return boxes.flatMap((box, index) => {
    const path = `boxes.${index}`;
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    if (!isInside(box.x, box.y) || !isInside(right, bottom)) {
      return [{ path, message: `reaches to ${rounded(right)}, ${rounded(bottom)}: out of ${picture}` }];
    }
    return Object.entries(box.keypoints).flatMap(([key, [x, y]]) =>
      isInside(x, y) ? [] : [{ path: `${path}.keypoints.${key}`, message: `is outside of ${picture}` }],
    );
  });
}

/**
 * Whether one picture can be the other, made larger or smaller: of the shorter side, half a pixel is lost in rounding.
 * @param said what somebody says of the picture
 */
export function isSameShape(said: PictureSize, found: PictureSize): boolean {
  const difference = Math.abs(said.width * found.height - said.height * found.width);
  return difference <= 0.51 * Math.max(said.width, said.height);
}

/** The same boxes in the pixels of a picture that was made larger or smaller, each axis by itself. */
export function scaleBoxes(boxes: readonly Box[], from: PictureSize, to: PictureSize): Box[] {
  if (from.width === to.width && from.height === to.height) return [...boxes];
  const [across, down] = [to.width / from.width, to.height / from.height];
  return boxes.map(({ label, x, y, width, height, keypoints }) => ({
    label,
    x: x * across,
    y: y * down,
    width: width * across,
    height: height * down,
    keypoints: Object.fromEntries(
      Object.entries(keypoints).map(([key, [left, top]]) => [key, [left * across, top * down] as const]),
    ),
  }));
}

function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
