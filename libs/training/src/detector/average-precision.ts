import { overlapOf, type FoundBox, type Rectangle } from './found-box.js';

/** Boxes of one picture. */
export interface JudgedPicture {
  readonly found: readonly FoundBox[];
  readonly true: readonly (Rectangle & { readonly label: string })[];
}

/** Of the found boxes of one picture, whether each is right: from the surest on, each takes the true box of its label that it overlaps most, once. */
export function matchFound({ found, true: boxes }: JudgedPicture, least = 0.5): (number | null)[] {
  const taken = new Set<number>();
  const matched = new Array<number | null>(found.length).fill(null);
  const order = found.map((_, at) => at).sort((a, b) => found[b]!.score - found[a]!.score);
  for (const at of order) {
    const box = found[at]!;
    let [best, overlap] = [-1, least];
    boxes.forEach((other, index) => {
      if (taken.has(index) || other.label !== box.label) return;
      const own = overlapOf(box, other);
      if (own >= overlap) [best, overlap] = [index, own];
    });
    if (best < 0) continue;
    taken.add(best);
    matched[at] = best;
  }
  return matched;
}

/**
 * Average precision of one label at an overlap: the area under precision by recall, where precision is the best at that recall or
 * more (Everingham et al., "The PASCAL visual object classes challenge", 2010, all points). Null where no such box is true.
 */
export function averagePrecision(pictures: readonly JudgedPicture[], label: string, least = 0.5): number | null {
  const judged: { score: number; isRight: boolean }[] = [];
  let positives = 0;
  for (const picture of pictures) {
    const own = {
      found: picture.found.filter((box) => box.label === label),
      true: picture.true.filter((box) => box.label === label),
    };
    positives += own.true.length;
    matchFound(own, least).forEach((match, at) => {
      judged.push({ score: own.found[at]!.score, isRight: match !== null });
    });
  }
  if (positives === 0) return null;
  judged.sort((a, b) => b.score - a.score);
  let right = 0;
  const precisions = judged.map(({ isRight }, at) => {
    if (isRight) right += 1;
    return right / (at + 1);
  });
  let [area, best] = [0, 0];
  for (let at = judged.length - 1; at >= 0; at--) {
    best = Math.max(best, precisions[at]!);
    if (judged[at]!.isRight) area += best / positives;
  }
  return area;
}
