import type { Rng } from '#libs/kernel';
import {
  binEdges,
  binFeatures,
  chance,
  fitBoostedTrees,
  pickBinned,
  sumOfTrees,
  type BinnedFeatures,
  type BoostedTrees,
} from './boosted-trees.js';
import { cellSide, channelsOf, type Channels, type Picture } from './channels.js';
import { typicalSide, type FoundBox, type LabelledBox } from './found-box.js';
import { describeSurroundings, surroundingFeatures } from './surroundings.js';

/** A picture with all boxes in it. */
export interface BoxedPicture {
  readonly picture: Picture;
  readonly boxes: readonly LabelledBox[];
}

/** Of one label: whether a place is near the middle of such a thing, and its box from there. */
interface LabelPlaces {
  readonly label: string;
  /** Typical side, in pixels. */
  readonly side: number;
  readonly isNear: BoostedTrees;
  /** Middle by x and y from the place, and the logarithms of width and height, all by the typical side. */
  readonly box: readonly BoostedTrees[];
}

/** Finds things place by place. */
export interface PlaceModel {
  /** Of the channels that count votes, in pixels. */
  readonly radii: readonly number[];
  readonly labels: readonly LabelPlaces[];
}

/** Cells from one place to the next. */
const stride = 2;
/** A place is near a thing's middle up to this share of half its sides, and no longer from the other on. */
const [nearUpTo, farFrom] = [0.45, 0.8];
/** Places that are drawn of each box, and of a picture: in the rest of boxes or close by, and far from all of them. */
const drawn = { ofBox: 8, closeBy: 110, farAway: 110 } as const;
/** Where close by ends, in half sides. */
const closeUpTo = 1.3;
/** Rows that the bins are chosen by. */
const edgeRows = 6_000;
const common = { rowShare: 0.5, columnShare: 0.1, rate: 0.12 } as const;
const nearness = { ...common, loss: 'logistic', rounds: 120, depth: 5, leastWeight: 2 } as const;
const boxing = { ...common, loss: 'squared', rounds: 60, depth: 4, leastWeight: 8 } as const;
/** Of a place that says something. */
const leastScore = 0.05;

/** A place, and of each label the box that it is nearest to the middle of. */
interface DrawnPlace {
  readonly example: number;
  readonly x: number;
  readonly y: number;
  readonly nearest: readonly Near[];
}

interface Near {
  readonly box: LabelledBox | null;
  /** In half sides of the box; infinite where there is none. */
  readonly distance: number;
}

/** Places of pictures, described. */
export interface DescribedPlaces {
  readonly labels: readonly string[];
  readonly radii: readonly number[];
  readonly places: readonly DrawnPlace[];
  readonly features: BinnedFeatures;
}

/**
 * Draws places of pictures, and describes them.
 * @param onPicture awaited after each
 */
export async function describePlaces(
  examples: readonly BoxedPicture[],
  labels: readonly string[],
  rng: Rng,
  onPicture: (done: number) => Promise<void> | void,
): Promise<DescribedPlaces> {
  // Rings of things that are a little smaller or larger than typical.
  const radii = labels.flatMap((label) => [0.4, 0.5, 0.6].map((share) => share * typicalSide(examples, label)));
  const places = examples.flatMap((example, index) => drawPlaces(example, index, labels, rng));
  const columns = surroundingFeatures(
    channelsOf({ width: 8, height: 8, data: new Uint8Array(192) }, radii).sums.length,
  );
  const rows = new Float32Array(places.length * columns);
  let channels: Channels | null = null;
  for (const [row, { example, x, y }] of places.entries()) {
    if (row === 0 || places[row - 1]!.example !== example) {
      await onPicture(example);
      channels = channelsOf(examples[example]!.picture, radii);
    }
    describeSurroundings(channels!, x, y, rows, row * columns);
  }
  const sample = new Float32Array(Math.min(edgeRows, places.length) * columns);
  for (let at = 0; at < sample.length; at += columns) {
    const from = Math.floor(rng() * places.length) * columns;
    sample.set(rows.subarray(from, from + columns), at);
  }
  return { labels, radii, places, features: binFeatures(rows, columns, binEdges(sample, columns)) };
}

function drawPlaces(
  { picture, boxes }: BoxedPicture,
  example: number,
  labels: readonly string[],
  rng: Rng,
): DrawnPlace[] {
  const all: { place: DrawnPlace; order: number }[] = [];
  for (const { x, y } of gridOf(Math.floor(picture.width / cellSide), Math.floor(picture.height / cellSide))) {
    const nearest = labels.map((label) => nearestOf(boxes, label, x * cellSide, y * cellSide));
    all.push({ place: { example, x, y, nearest }, order: rng() });
  }
  const taken = new Map<LabelledBox | 'closeBy' | 'farAway', number>();
  return all
    .sort((a, b) => a.order - b.order)
    .map(({ place }) => place)
    .filter(({ nearest }) => {
      const { box, distance } = nearest.reduce((least, each) => (each.distance < least.distance ? each : least));
      const kind = distance < nearUpTo ? box! : distance < closeUpTo ? 'closeBy' : 'farAway';
      taken.set(kind, (taken.get(kind) ?? 0) + 1);
      return taken.get(kind)! <= (typeof kind === 'string' ? drawn[kind] : drawn.ofBox);
    });
}

function* gridOf(columns: number, rows: number): Generator<{ x: number; y: number }> {
  for (let y = stride / 2; y < rows; y += stride) for (let x = stride / 2; x < columns; x += stride) yield { x, y };
}

function nearestOf(boxes: readonly LabelledBox[], label: string, px: number, py: number): Near {
  let nearest: Near = { box: null, distance: Infinity };
  for (const box of boxes) {
    if (box.label !== label) continue;
    const { x, y, width, height } = box;
    const distance = Math.hypot((px - x) / (width / 2) - 1, (py - y) / (height / 2) - 1);
    if (distance < nearest.distance) nearest = { box, distance };
  }
  return nearest;
}

/**
 * Learns from the places of some of the pictures.
 * @param isUsed asked for each of them
 */
export function fitPlaces(
  { labels, radii, places, features }: DescribedPlaces,
  examples: readonly BoxedPicture[],
  isUsed: (example: number) => boolean,
  rng: Rng,
): PlaceModel {
  const used = places.flatMap(({ example }, row) => (isUsed(example) ? [row] : []));
  return {
    radii,
    labels: labels.map((label, index): LabelPlaces => {
      const side = typicalSide(examples, label);
      const nearOf = (row: number): Near => places[row]!.nearest[index]!;
      const told = used.filter((row) => nearOf(row).distance < nearUpTo || nearOf(row).distance > farFrom);
      const near = told.filter((row) => nearOf(row).distance < nearUpTo);
      const isNear = Float32Array.from(told, (row) => (nearOf(row).distance < nearUpTo ? 1 : 0));
      const aims = near.map((row) => aimsOf(places[row]!, nearOf(row).box!, side));
      const own = pickBinned(features, near);
      return {
        label,
        side,
        isNear: fitBoostedTrees(pickBinned(features, told), isNear, { ...nearness, rng }),
        box: [0, 1, 2, 3].map((which) =>
          fitBoostedTrees(
            own,
            Float32Array.from(aims, (aim) => aim[which]!),
            { ...boxing, rng },
          ),
        ),
      };
    }),
  };
}

/** What the trees of a box learn: see {@link LabelPlaces.box}. */
function aimsOf(place: DrawnPlace, { x, y, width, height }: LabelledBox, side: number): number[] {
  return [
    (x + width / 2 - place.x * cellSide) / side,
    (y + height / 2 - place.y * cellSide) / side,
    Math.log(width / side),
    Math.log(height / side),
  ];
}

/** What each place says it is near to, with its box: many boxes for one thing. */
export function findByPlaces({ labels }: PlaceModel, channels: Channels): FoundBox[] {
  const row = new Float32Array(surroundingFeatures(channels.sums.length));
  const [width, height] = [channels.columns * cellSide, channels.rows * cellSide];
  const found: FoundBox[] = [];
  for (const { x, y } of gridOf(channels.columns, channels.rows)) {
    describeSurroundings(channels, x, y, row, 0);
    for (const { label, side, isNear, box } of labels) {
      const score = chance(sumOfTrees(isNear, row, 0));
      if (score < leastScore) continue;
      const [right, down, wide, tall] = box.map((trees) => sumOfTrees(trees, row, 0)) as [
        number,
        number,
        number,
        number,
      ];
      const [middleX, middleY] = [x * cellSide + right * side, y * cellSide + down * side];
      const [halfWidth, halfHeight] = [(Math.exp(wide) * side) / 2, (Math.exp(tall) * side) / 2];
      const [left, top] = [Math.max(0, middleX - halfWidth), Math.max(0, middleY - halfHeight)];
      found.push({
        label,
        score,
        x: left,
        y: top,
        width: Math.min(width, middleX + halfWidth) - left,
        height: Math.min(height, middleY + halfHeight) - top,
      });
    }
  }
  return found.filter((box) => box.width > 0 && box.height > 0);
}
