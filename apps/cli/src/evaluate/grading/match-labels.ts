type Points = readonly (readonly [number, number])[];

/** How what was found fits what there is. */
export interface Matched {
  readonly found: number;
  readonly truth: number;
  /** Numbers of the outlines that are right. */
  readonly right: ReadonlySet<number>;
  /** Labels of the truth that were found. */
  readonly hit: ReadonlySet<number>;
}

/**
 * Compares outlines with a map of labels: one is right where it shares more than half of what it and a thing cover together
 * (intersection over union above ½), which can be true of one pair only. Where outlines overlap, pixels belong to the smaller.
 * @param labels for each pixel, row by row: 0, or the number of a thing
 */
export function matchLabels(outlines: readonly Points[], labels: Int32Array, width: number): Matched {
  const painted = new Int32Array(labels.length);
  const bySize = outlines.map((outline, number) => ({ outline, number, size: areaOf(outline) }));
  for (const { outline, number } of bySize.sort((a, b) => b.size - a.size)) paint(painted, width, outline, number + 1);
  const [foundSizes, truthSizes, shared] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  const count = <K>(counts: Map<K, number>, key: K): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);
  labels.forEach((label, at) => {
    const number = painted[at]!;
    if (number > 0) count(foundSizes, number);
    if (label > 0) count(truthSizes, label);
    if (number > 0 && label > 0) count(shared, `${number} ${label}`);
  });
  const [right, hit] = [new Set<number>(), new Set<number>()];
  for (const [pair, both] of shared) {
    const [number, label] = pair.split(' ').map(Number) as [number, number];
    if (both / (foundSizes.get(number)! + truthSizes.get(label)! - both) <= 0.5) continue;
    right.add(number - 1);
    hit.add(label);
  }
  return { found: outlines.length, truth: truthSizes.size, right, hit };
}

/** Harmonic mean of precision and recall over all things of some pictures. */
export function f1Of(pictures: readonly Matched[]): number {
  const sum = (of: (each: Matched) => number): number => pictures.reduce((total, each) => total + of(each), 0);
  const all = sum(({ found, truth }) => found + truth);
  return all === 0 ? 1 : (2 * sum(({ right }) => right.size)) / all;
}

/** Gives the pixels whose middle is inside an outline a number. */
function paint(pixels: Int32Array, width: number, outline: Points, number: number): void {
  const ys = outline.map(([, y]) => y);
  const rows = pixels.length / width;
  for (let row = Math.max(0, Math.floor(Math.min(...ys))); row < Math.min(rows, Math.max(...ys)); row++) {
    const y = row + 0.5;
    const crossings = outline
      .flatMap(([bx, by], at) => {
        const [ax, ay] = outline.at(at - 1)!;
        return ay > y === by > y ? [] : [ax + ((y - ay) / (by - ay)) * (bx - ax)];
      })
      .sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil(crossings[pair]! - 0.5));
      const to = Math.min(width, Math.ceil(crossings[pair + 1]! - 0.5));
      if (from < to) pixels.fill(number, row * width + from, row * width + to);
    }
  }
}

function areaOf(outline: Points): number {
  const twice = outline.reduce((sum, [x, y], at) => {
    const [px, py] = outline.at(at - 1)!;
    return sum + px * y - x * py;
  }, 0);
  return Math.abs(twice) / 2;
}
