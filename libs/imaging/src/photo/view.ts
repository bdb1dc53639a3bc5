// The photo as measurements see it: made smaller, straightened where it has a frame, and the way back to its own pixels.
import { fillOutline } from '#libs/grading';
import { withMats } from './load-open-cv.js';
import type { Keep, Mat, OpenCv } from './open-cv.js';
import type { Homography, Photo, Place, View } from './messages.js';

/** Longer side of what is measured, in pixels. */
const longest = 1_024;

const identity: Homography = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/**
 * A photo, made smaller where it is larger than what is measured.
 */
export function wholeView(cv: OpenCv, photo: Photo): View {
  const { width, height, data } = photo;
  const share = Math.min(1, longest / Math.max(width, height));
  if (share === 1) return { ...photo, toPicture: null };
  return withMats((keep) => {
    const size = new cv.Size(Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share)));
    const from = keep(cv.matFromArray(height, width, cv.CV_8UC3, data));
    const to = keep(new cv.Mat());
    cv.resize(from, to, size, 0, 0, cv.INTER_AREA);
    const toPicture: Homography = [width / size.width, 0, 0, 0, height / size.height, 0, 0, 0, 1];
    return { width: size.width, height: size.height, data: Uint8Array.from(to.data), toPicture };
  });
}

/**
 * What lies between four corner markers, straightened: ArUco markers of the dictionary 4×4_50, 0 at the top left and on clockwise
 * (Garrido-Jurado et al. 2014). Their outer corners become the corners of the view.
 * @param aspect width by height
 * @returns how many markers are to be seen, where that is not all of them
 */
export function framedView(cv: OpenCv, photo: Photo, aspect: number): View | { found: number } {
  const { width, height, data } = photo;
  return withMats((keep) => {
    const picture = keep(cv.matFromArray(height, width, cv.CV_8UC3, data));
    const corners = outerCorners(cv, picture, keep);
    if (corners.length < 4) return { found: corners.length };
    const across = aspect >= 1 ? longest : Math.round(longest * aspect);
    const down = aspect >= 1 ? Math.round(longest / aspect) : longest;
    const from = keep(cv.matFromArray(4, 1, cv.CV_32FC2, corners.flat()));
    const to = keep(cv.matFromArray(4, 1, cv.CV_32FC2, [0, 0, across, 0, across, down, 0, down]));
    const transform = keep(cv.getPerspectiveTransform(from, to));
    const flat = keep(new cv.Mat());
    cv.warpPerspective(picture, flat, transform, new cv.Size(across, down), cv.INTER_LINEAR);
    const back = keep(cv.getPerspectiveTransform(to, from));
    const toPicture = [...back.data64F] as unknown as Homography;
    return { width: across, height: down, data: Uint8Array.from(flat.data), toPicture };
  });
}

/**
 * The outer corners of the markers 0 to 3, as far as they are to be seen.
 */
function outerCorners(cv: OpenCv, picture: Mat, keep: Keep): [number, number][] {
  const grey = keep(new cv.Mat());
  cv.cvtColor(picture, grey, cv.COLOR_RGB2GRAY);
  const dictionary = keep(cv.getPredefinedDictionary(cv.DICT_4X4_50));
  const [parameters, refinement] = [
    keep(new cv.aruco_DetectorParameters()),
    keep(new cv.aruco_RefineParameters(10, 3, true)),
  ];
  const detector = keep(new cv.aruco_ArucoDetector(dictionary, parameters, refinement));
  const [found, numbers] = [keep(new cv.MatVector()), keep(new cv.Mat())];
  detector.detectMarkers(grey, found, numbers);
  const order = [...numbers.data32S];
  return [0, 1, 2, 3].flatMap((number) => {
    const index = order.indexOf(number);
    if (index < 0) return [];
    const points = keep(found.get(index)).data32F;
    return [[points[2 * number]!, points[2 * number + 1]!] as [number, number]];
  });
}

/**
 * Where places of a view are on the picture, in pixels to the tenth.
 */
export function onPicture({ toPicture }: View, points: readonly (readonly [number, number])[]): [number, number][] {
  const [a, b, c, d, e, f, g, h, i] = toPicture ?? identity;
  return points.map(([x, y]) => {
    const weight = g * x + h * y + i;
    return [round((a * x + b * y + c) / weight), round((d * x + e * y + f) / weight)];
  });
}

/** Places in pixels of a view. */
export function pixelsOf({ width, height }: View, places: readonly Place[]): [number, number][] {
  return places.map(([x, y]) => [x * width, y * height]);
}

/**
 * The pixels whose middle is inside an outline, by the even-odd rule: 255 there, else 0.
 */
export function maskOf(
  { width, height }: { width: number; height: number },
  outline: readonly (readonly [number, number])[],
): Uint8Array {
  const mask = new Uint8Array(width * height);
  fillOutline(outline, { width, height }, (row, from, to) => mask.fill(255, row * width + from, row * width + to));
  return mask;
}

function round(pixels: number) {
  return Math.round(pixels * 10) / 10;
}
