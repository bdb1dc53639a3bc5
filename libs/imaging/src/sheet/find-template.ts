// Where the template is on a photo, by what both have in common: no markers are needed.
import { withMats } from '../photo/load-open-cv.js';
import type { FeatureFinder, Keep, Mat, OpenCv } from '../photo/open-cv.js';
import type { Homography } from '../photo/messages.js';
import { applied, composed, inverse, scaled, type Place2 } from './homography.js';

/** Longer sides, in pixels, at which features are looked for. */
const sides = { photo: 800, template: 400, refined: 800 } as const;

/** What features are and how they match; distances in pixels: of a match from where it should be, and of what may match at all. */
const found = { threshold: 0.0007, corners: 1_500, ratio: 0.8, within: 3, refinedWithin: 2, refinedReach: 8 } as const;

/** From how many matches that agree on, and from which likeness on, it is the template. */
const least = { inliers: 20, likeness: 0.5 } as const;

export interface FoundTemplate {
  /** From pixels of the template to those of the photo. */
  readonly toPhoto: Homography;
  readonly inliers: number;
  readonly likeness: number;
}

/**
 * Finds a template on a photo whichever way it is turned: features of both (AKAZE: Alcantarilla et al. 2013) are matched by the ratio
 * of the nearest to the next (Lowe 2004), and a homography is fitted to the matches by RANSAC (Fischler & Bolles 1981). It is refined by
 * matching corners (ORB: Rublee et al. 2011) after the photo has been straightened by it. @returns null where it is not to be seen
 */
export function findTemplate(cv: OpenCv, photo: Mat, template: Mat): FoundTemplate | null {
  return withMats((keep) => {
    const seen = shrunk(cv, photo, sides.photo, keep);
    const known = shrunk(cv, template, sides.template, keep);
    const finder = keep(new cv.AKAZE());
    finder.setThreshold(found.threshold);
    const [onPhoto, onTemplate] = [featuresOf(cv, finder, seen.grey, keep), featuresOf(cv, finder, known.grey, keep)];
    const first = fitted(cv, matched(cv, onTemplate, onPhoto, keep), found.within, keep);
    if (first === null || first.inliers < least.inliers) return null;
    const rough = composed(inverse(scaled(seen.share)), composed(first.homography, scaled(known.share)));
    if (!isPlausible(rough, photo, template)) return null;
    const refined = refine(cv, photo, template, rough, keep) ?? { toPhoto: rough, inliers: first.inliers };
    if (!isPlausible(refined.toPhoto, photo, template)) return null;
    const likeness = likenessOf(cv, photo, template, refined.toPhoto, keep);
    return likeness < least.likeness ? null : { ...refined, likeness };
  });
}

interface Shrunk {
  readonly grey: Mat;
  /** Of its size before. */
  readonly share: number;
}

function shrunk(cv: OpenCv, grey: Mat, side: number, keep: Keep): Shrunk {
  const share = side / Math.max(grey.cols, grey.rows);
  const small = keep(new cv.Mat());
  const size = new cv.Size(Math.round(grey.cols * share), Math.round(grey.rows * share));
  cv.resize(grey, small, size, 0, 0, share < 1 ? cv.INTER_AREA : cv.INTER_LINEAR);
  return { grey: small, share };
}

interface Features {
  readonly places: readonly Place2[];
  readonly descriptors: Mat;
}

function featuresOf(cv: OpenCv, finder: FeatureFinder, grey: Mat, keep: Keep): Features {
  const keypoints = keep(new cv.KeyPointVector());
  const [descriptors, everywhere] = [keep(new cv.Mat()), keep(new cv.Mat())];
  finder.detectAndCompute(grey, everywhere, keypoints, descriptors);
  const places: Place2[] = [];
  for (let at = 0; at < keypoints.size(); at++) {
    const { x, y } = keypoints.get(at).pt;
    places.push([x, y]);
  }
  return { places, descriptors };
}

type Pair = readonly [from: Place2, to: Place2];

/** @param isNear leaves out what cannot be; all may be where it is not given */
function matched(
  cv: OpenCv,
  from: Features,
  to: Features,
  keep: Keep,
  isNear: (from: Place2, to: Place2) => boolean = () => true,
): Pair[] {
  if (from.places.length < 2 || to.places.length < 2) return [];
  const matcher = keep(new cv.BFMatcher(cv.NORM_HAMMING, false));
  const nearest = keep(new cv.DMatchVectorVector());
  matcher.knnMatch(from.descriptors, to.descriptors, nearest, 2);
  const pairs: Pair[] = [];
  for (let at = 0; at < nearest.size(); at++) {
    const two = keep(nearest.get(at));
    if (two.size() < 2) continue;
    const [best, next] = [two.get(0), two.get(1)];
    const pair = [from.places[best.queryIdx]!, to.places[best.trainIdx]!] as const;
    if (best.distance < found.ratio * next.distance && isNear(...pair)) pairs.push(pair);
  }
  return pairs;
}

function fitted(
  cv: OpenCv,
  pairs: readonly Pair[],
  within: number,
  keep: Keep,
): { readonly homography: Homography; readonly inliers: number } | null {
  if (pairs.length < least.inliers) return null;
  const from = keep(
    cv.matFromArray(
      pairs.length,
      1,
      cv.CV_32FC2,
      pairs.flatMap(([place]) => place),
    ),
  );
  const to = keep(
    cv.matFromArray(
      pairs.length,
      1,
      cv.CV_32FC2,
      pairs.flatMap(([, place]) => place),
    ),
  );
  const agreed = keep(new cv.Mat());
  const fit = keep(cv.findHomography(from, to, cv.RANSAC, within, agreed, 2_000, 0.999));
  if (fit.rows !== 3) return null;
  const homography = [...fit.data64F] as unknown as Homography;
  return { homography, inliers: agreed.data.reduce((sum, each) => sum + (each === 0 ? 0 : 1), 0) };
}

/** Matches anew what lies near where it should, after straightening; null where too little does. */
function refine(
  cv: OpenCv,
  photo: Mat,
  template: Mat,
  rough: Homography,
  keep: Keep,
): { readonly toPhoto: Homography; readonly inliers: number } | null {
  const known = shrunk(cv, template, sides.refined, keep);
  const flat = straightened(cv, photo, composed(rough, inverse(scaled(known.share))), known.grey, keep);
  const isNear = ([x, y]: Place2, [u, v]: Place2): boolean => Math.hypot(u - x, v - y) < found.refinedReach;
  const finder = keep(new cv.ORB(found.corners));
  const pairs = matched(cv, featuresOf(cv, finder, known.grey, keep), featuresOf(cv, finder, flat, keep), keep, isNear);
  const fit = fitted(cv, pairs, found.refinedWithin, keep);
  if (fit === null || fit.inliers < least.inliers) return null;
  const toFlat = composed(inverse(scaled(known.share)), composed(fit.homography, scaled(known.share)));
  return { toPhoto: composed(rough, toFlat), inliers: fit.inliers };
}

/** The grey photo as the homography sees it, of the size of another picture. */
function straightened(cv: OpenCv, photo: Mat, toPhoto: Homography, like: Mat, keep: Keep): Mat {
  const flat = keep(new cv.Mat());
  const transform = keep(cv.matFromArray(3, 3, cv.CV_64FC1, inverse(toPhoto)));
  cv.warpPerspective(photo, flat, transform, new cv.Size(like.cols, like.rows), cv.INTER_LINEAR);
  return flat;
}

/** Whether a homography takes the template to a four-sided thing that is not folded, and of some size. */
function isPlausible(toPhoto: Homography, photo: Mat, { cols: width, rows: height }: Mat): boolean {
  const corners = (
    [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ] as const
  ).map((corner) => applied(toPhoto, corner));
  const turns = corners.map(([x, y], at) => {
    const [[u, v], [p, q]] = [corners[(at + 1) % 4]!, corners[(at + 2) % 4]!];
    return (u - x) * (q - v) - (v - y) * (p - u);
  });
  if (!turns.every((turn) => turn > 0)) return false;
  const area = corners.reduce((sum, [x, y], at) => {
    const [u, v] = corners[(at + 1) % 4]!;
    return sum + (x * v - u * y) / 2;
  }, 0);
  return area > 0.05 * photo.cols * photo.rows && area < 4 * photo.cols * photo.rows;
}

/** The correlation of the template and the straightened photo, both blurred, from −1 to 1. */
function likenessOf(cv: OpenCv, photo: Mat, template: Mat, toPhoto: Homography, keep: Keep): number {
  const known = shrunk(cv, template, 400, keep);
  const flat = straightened(cv, photo, composed(toPhoto, inverse(scaled(known.share))), known.grey, keep);
  const [one, other] = [known.grey, flat].map((grey) => {
    const soft = keep(new cv.Mat());
    cv.GaussianBlur(grey, soft, new cv.Size(0, 0), 2, 2, cv.BORDER_REFLECT);
    return Float64Array.from(soft.data);
  }) as [Float64Array, Float64Array];
  const means = [one, other].map((each) => each.reduce((sum, value) => sum + value, 0) / each.length);
  let [both, ofOne, ofOther] = [0, 0, 0];
  one.forEach((value, at) => {
    const [a, b] = [value - means[0]!, other[at]! - means[1]!];
    both += a * b;
    ofOne += a * a;
    ofOther += b * b;
  });
  return both / Math.sqrt(ofOne * ofOther || 1);
}
