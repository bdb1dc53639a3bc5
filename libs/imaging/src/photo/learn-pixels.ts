// Learning from a few labelled pictures which pixels are inside of things.
import { withMats } from './load-open-cv.js';
import { trainForest } from './pixel-forest.js';
import { pixelFeatures } from './pixel-features.js';
import { wholeView } from './view.js';
import type { OpenCv } from './open-cv.js';
import type { Photo, PixelForest } from './messages.js';

/** Pixels that are drawn in all, of each picture the same number. */
const examplesInAll = 40_000;
/** Which share of them is inside, on a seam between two things that touch, near to a thing, and anywhere else. */
const shares = { inside: 0.4, seam: 0.1, near: 0.25, far: 0.25 } as const;
const poolNames = ['inside', 'seam', 'near', 'far'] as const;
type Pool = (typeof poolNames)[number];
/** Pixels from a thing that are near to it. */
const nearness = 12;

/**
 * Seams between things that touch are outside: so they come apart.
 */
export function learnPixels(
  cv: OpenCv,
  labelled: readonly { photo: Photo; labels: Int32Array }[],
  seed: number,
): PixelForest {
  const random = randomFrom(seed);
  const pictures = labelled.map((each) => asMeasured(cv, each));
  const perPicture = Math.ceil(examplesInAll / pictures.length);
  const drawn = pictures.map(({ photo, labels }) => {
    const features = pixelFeatures(cv, photo);
    const pools = poolsOf(cv, photo, labels);
    const places = poolNames.flatMap((pool) =>
      draw(pools[pool], Math.round(perPicture * shares[pool]), random).map((at) => ({
        at,
        isInside: pool === 'inside' ? 1 : 0,
      })),
    );
    return {
      features: features.map((values) => Float32Array.from(places, ({ at }) => values[at]!)),
      isInside: places.map((place) => place.isInside),
    };
  });
  if (drawn.every(({ isInside }) => !isInside.includes(1))) throw new Error('Nothing is labelled on the pictures.');
  const features = drawn[0]!.features.map((_, feature) => joined(drawn.map((each) => each.features[feature]!)));
  const isInside = Uint8Array.from(drawn.flatMap((each) => each.isInside));
  const forest = trainForest(features, isInside, { trees: 20, depth: 9, leaf: 20, random });
  return { ...forest, features: 'gaussian-36', leastArea: leastOf(pictures.map(({ labels }) => labels)) };
}

/** A labelled picture as large as pictures are measured: what is learnt is of that size. */
function asMeasured(cv: OpenCv, { photo, labels }: { photo: Photo; labels: Int32Array }) {
  const view = wholeView(cv, photo);
  if (view.width === photo.width && view.height === photo.height) return { photo, labels };
  const smaller = new Int32Array(view.width * view.height);
  for (let y = 0; y < view.height; y++) {
    const row = photo.width * Math.floor(((y + 0.5) * photo.height) / view.height);
    for (let x = 0; x < view.width; x++) {
      smaller[y * view.width + x] = labels[row + Math.floor(((x + 0.5) * photo.width) / view.width)]!;
    }
  }
  return { photo: view, labels: smaller };
}

/** Places of pixels by what they are. */
function poolsOf(cv: OpenCv, { width, height }: Photo, labels: Int32Array) {
  const distance = withMats((keep) => {
    const ground = keep(new cv.Mat(height, width, cv.CV_8UC1));
    const bits = ground.data;
    labels.forEach((label, at) => (bits[at] = label === 0 ? 255 : 0));
    const to = keep(new cv.Mat());
    cv.distanceTransform(ground, to, cv.DIST_L2, 5);
    return Float32Array.from(to.data32F);
  });
  const pools: Record<Pool, number[]> = { inside: [], seam: [], near: [], far: [] };
  labels.forEach((label, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const differs = (other: number) => other !== 0 && other !== label;
    const isSeam =
      (x > 0 && differs(labels[at - 1]!)) ||
      (x < width - 1 && differs(labels[at + 1]!)) ||
      (y > 0 && differs(labels[at - width]!)) ||
      (y < height - 1 && differs(labels[at + width]!));
    if (label !== 0) pools[isSeam ? 'seam' : 'inside'].push(at);
    else pools[distance[at]! < nearness ? 'near' : 'far'].push(at);
  });
  return pools;
}

/** With replacement, but no more than there are. */
function draw(pool: readonly number[], count: number, random: () => number) {
  return Array.from({ length: Math.min(count, pool.length) }, () => pool[Math.floor(random() * pool.length)]!);
}

/** The size that one thing in 20 falls short of. */
function leastOf(maps: readonly Int32Array[]) {
  const areas = maps.flatMap((labels) => {
    const sizes: Map<number, number> = new Map();
    for (const label of labels) if (label !== 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    return [...sizes.values()];
  });
  return areas.sort((a, b) => a - b)[Math.floor(areas.length / 20)] ?? 1;
}

function joined(parts: readonly Float32Array[]) {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
