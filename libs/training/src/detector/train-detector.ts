import { seededRng } from '#libs/kernel';
import { channelsOf, type Picture } from './channels.js';
import {
  candidatesOf,
  describeCandidates,
  fitCandidates,
  judgeCandidates,
  type CandidateModel,
  type DescribedCandidates,
} from './candidates.js';
import type { FoundBox } from './found-box.js';
import { describePlaces, findByPlaces, fitPlaces, type BoxedPicture, type PlaceModel } from './places.js';

/** Finds things of some kinds in pictures of one kind, taken at one scale. */
export interface Detector {
  readonly places: PlaceModel;
  readonly candidates: CandidateModel;
}

/** Fewer pictures, or of a label fewer boxes, teach nothing. */
export const detectorLimits = { leastPictures: 6, leastBoxes: 6 } as const;

/** Folds of pictures in which candidates to judge are found by others than those that learnt from them. */
const folds = 3;

/**
 * Trains a detector on a CPU, from some dozens to hundreds of pictures with all their boxes, in two stages (stacked generalisation,
 * Wolpert 1992): places learn from their surroundings whether they are near the middle of a thing, and where its box is; candidates,
 * which were found by places of other folds, learn from what is in them and beside them whether they are right. So the score
 * of a box is a probability. About half a second a picture.
 * @param seed draws places, folds, and what trees are shown
 * @param onProgress awaited: others get their turn, and what it throws ends the work
 */
export async function trainDetector(
  examples: readonly BoxedPicture[],
  seed: string,
  onProgress: (share: number, what: string) => Promise<void> | void = () => {},
): Promise<Detector> {
  const rng = seededRng(`${seed}/detector`);
  const labels = labelsOf(examples);
  const places = await describePlaces(examples, labels, rng, (done) =>
    onProgress((0.2 * done) / examples.length, 'describing'),
  );
  const foldOf = examples.map((_, example) => ({ example, order: rng() })).sort((a, b) => a.order - b.order);
  const assigned = new Map(foldOf.map(({ example }, at) => [example, at % folds]));
  const found: { described: DescribedCandidates; true: BoxedPicture['boxes'] }[] = [];
  for (let fold = 0; fold < folds; fold++) {
    await onProgress(0.2 + (0.6 * fold) / folds, `fold ${fold + 1}`);
    const model = fitPlaces(places, examples, (example) => assigned.get(example) !== fold, rng);
    for (const [example, { picture, boxes }] of examples.entries()) {
      if (assigned.get(example) !== fold) continue;
      await onProgress(0.2 + (0.6 * (fold + 0.5)) / folds, `fold ${fold + 1}`);
      found.push({ described: candidatesIn(model, picture), true: boxes });
    }
  }
  await onProgress(0.8, 'judging');
  const candidates = fitCandidates(found, labels, rng);
  await onProgress(0.85, 'all pictures');
  return { places: fitPlaces(places, examples, () => true, rng), candidates };
}

/** Labels of which there are enough boxes, in alphabetical order. */
function labelsOf(examples: readonly BoxedPicture[]): string[] {
  const counts = new Map<string, number>();
  for (const { label } of examples.flatMap(({ boxes }) => boxes)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].flatMap(([label, count]) => (count < detectorLimits.leastBoxes ? [] : [label])).sort();
}

/** What a detector finds, each with the probability that it is right. */
export function detect({ places, candidates }: Detector, picture: Picture): FoundBox[] {
  return judgeCandidates(candidates, candidatesIn(places, picture)).sort((a, b) => b.score - a.score);
}

function candidatesIn(places: PlaceModel, picture: Picture): DescribedCandidates {
  const channels = channelsOf(picture, places.radii);
  return describeCandidates(candidatesOf(findByPlaces(places, channels)), channels);
}

/** How many there are to be expected of a label: the sum of the probabilities, rounded. */
export function countFound(found: readonly FoundBox[], wanted: string): number {
  return Math.round(found.reduce((sum, { label, score }) => sum + (label === wanted ? score : 0), 0));
}
