/** A box in the pixels of a picture. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A box, and what is in it. */
export interface LabelledBox extends Rectangle {
  readonly label: string;
}

/** What was found, and how sure that is, from 0 to 1. */
export interface FoundBox extends LabelledBox {
  readonly score: number;
}

/** Area that two boxes share. */
export function sharedArea(a: Rectangle, b: Rectangle): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}

/** Area that two boxes share, by the area that they cover together. */
export function overlapOf(a: Rectangle, b: Rectangle): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (a.width * a.height + b.width * b.height - shared);
}

/**
 * Non-maximum suppression, label by label: the surest box stays, and those of its label that overlap it by more go.
 * @returns from the surest on
 */
export function suppressDoubles<B extends FoundBox>(boxes: readonly B[], most: number): B[] {
  const kept: B[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((other) => other.label === box.label && overlapOf(other, box) > most)) kept.push(box);
  }
  return kept;
}

/** Median of √(width · height) over the boxes of a label, in pixels. */
export function typicalSide(pictures: readonly { readonly boxes: readonly LabelledBox[] }[], wanted: string): number {
  const sides = pictures
    .flatMap(({ boxes }) => boxes.filter(({ label }) => label === wanted))
    .map(({ width, height }) => Math.sqrt(width * height))
    .sort((a, b) => a - b);
  return sides[Math.floor(sides.length / 2)]!;
}
