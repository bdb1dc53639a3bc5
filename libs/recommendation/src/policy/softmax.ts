import { seededRng } from '#libs/kernel';

/** π = (1 − ε) softmax(U / T) + ε / n: every option keeps at least ε / n. The probabilities sum to 1. */
export function propensities(utilities: readonly number[], temperature: number, epsilon: number): number[] {
  const highest = Math.max(...utilities);
  const weights = utilities.map((utility) => Math.exp((utility - highest) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => ((1 - epsilon) * weight) / sum + epsilon / utilities.length);
}

/** Draws an index with the given probabilities: the same seed draws the same index. */
export function draw(probabilities: readonly number[], seed: string): number {
  let left = seededRng(seed)();
  for (let index = 0; index < probabilities.length; index++) {
    left -= probabilities[index]!;
    if (left < 0) return index;
  }
  return probabilities.length - 1;
}

/** The best of the options, with the probability of each, and the one that the seed draws among them. */
export function drawAmongBest<T extends { readonly activityId: string; readonly utility: number }>(
  options: readonly T[],
  policy: { readonly shortlist: number; readonly temperature: number; readonly epsilon: number },
  seed: string,
): { readonly option: T; readonly probability: number; readonly shortlist: readonly (readonly [T, number])[] } {
  const shortlist = best(options, Math.max(1, policy.shortlist));
  const utilities = shortlist.map(({ utility }) => utility);
  const probabilities = propensities(utilities, policy.temperature, policy.epsilon);
  const index = draw(probabilities, seed);
  return {
    option: shortlist[index]!,
    probability: probabilities[index]!,
    shortlist: shortlist.map((option, place) => [option, probabilities[place]!]),
  };
}

/** The `most` best of the items, best first; equals by place and id, so that the order they came in means nothing. */
export function best<T extends Ranked>(items: readonly T[], most: number): readonly T[] {
  const shortlist = new Shortlist<T>(most);
  for (const item of items) shortlist.offer(item);
  return shortlist.items;
}

interface Ranked {
  readonly activityId: string;
  readonly utility: number;
  readonly target?: string;
  /** What comes first among equals: the least. */
  readonly place?: number;
}

/**
 * Keeps the best of what it is offered, best first; equals by place, then by id. Insertion into a short list: cheaper than a sort
 * where many are offered. Of those with the same `target` it keeps the best `perTarget`, where that is given.
 */
export class Shortlist<T extends Ranked> {
  private readonly chosen: T[] = [];

  constructor(
    private readonly most: number,
    private readonly perTarget: number = Infinity,
  ) {}

  get items(): readonly T[] {
    return this.chosen;
  }

  get isFull(): boolean {
    return this.chosen.length === this.most;
  }

  /** Whether anything at this place could be taken that is worth so much at most. */
  mayTake({ utility, place }: { readonly utility: number; readonly place: number }): boolean {
    const worst = this.chosen[this.most - 1];
    if (worst === undefined || utility > worst.utility) return true;
    return utility === worst.utility && place <= (worst.place ?? 0);
  }

  offer(item: T): void {
    const { chosen, most } = this;
    if (chosen.length === most && !isBetter(item, chosen[most - 1]!)) return;
    if (this.perTarget < most && !this.makeRoomFor(item)) return;
    let place = chosen.length;
    while (place > 0 && isBetter(item, chosen[place - 1]!)) place--;
    chosen.splice(place, 0, item);
    if (chosen.length > most) chosen.pop();
  }

  /** Drops the worst with the same target where there are enough of them; tells whether the item is better than that. */
  private makeRoomFor(item: T): boolean {
    const { chosen } = this;
    let alike = 0;
    let worst = -1;
    for (let place = 0; place < chosen.length; place++) {
      if (chosen[place]!.target !== item.target) continue;
      alike++;
      worst = place;
    }
    if (alike < this.perTarget) return true;
    if (!isBetter(item, chosen[worst]!)) return false;
    chosen.splice(worst, 1);
    return true;
  }
}

function isBetter(a: Ranked, b: Ranked): boolean {
  if (a.utility !== b.utility) return a.utility > b.utility;
  const [first, second] = [a.place ?? 0, b.place ?? 0];
  return first === second ? a.activityId < b.activityId : first < second;
}
