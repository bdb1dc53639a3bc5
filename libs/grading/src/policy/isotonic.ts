/** Something that was said with a confidence, and whether it was right. */
export interface Tried {
  readonly confidence: number;
  readonly agrees: boolean;
}

/** From this confidence on, up to the next step, so large a share was right. */
export interface CalibrationStep {
  readonly from: number;
  readonly probability: number;
}

/** What confidences are worth, rising in both numbers; empty where nothing was tried. */
export type Calibration = readonly CalibrationStep[];

/**
 * Isotonic regression of being right on confidence, by pooling adjacent violators (Ayer et al., Ann. Math. Statist. 1955; as
 * calibration: Zadrozny & Elkan, KDD 2002): of all rising step functions the one with the least squared error. Its values stay
 * within [1/(n+2), (n+1)/(n+2)], because n that were right do not make the next certain (Laplace's rule of succession).
 * @param tried confidences may be any finite numbers; their order means nothing
 */
export function calibrate(tried: readonly Tried[]): Calibration {
  const blocks: { from: number; right: number; count: number }[] = [];
  for (const next of byConfidence(tried)) {
    let block = next;
    for (let last = blocks.at(-1); last && last.right * block.count >= block.right * last.count; last = blocks.at(-1)) {
      blocks.pop();
      block = { from: last.from, right: last.right + block.right, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const doubt = 1 / (tried.length + 2);
  return blocks.map(({ from, right, count }) => ({
    from,
    probability: Math.min(1 - doubt, Math.max(doubt, right / count)),
  }));
}

/** What a confidence is worth; null where nothing was tried. Below all that were tried it is worth as much as the lowest. */
export function calibrated(calibration: Calibration, confidence: number): number | null {
  return (calibration.findLast(({ from }) => from <= confidence) ?? calibration[0])?.probability ?? null;
}

/** Rising; equal confidences in one. */
function byConfidence(tried: readonly Tried[]): { from: number; right: number; count: number }[] {
  const groups = new Map<number, { from: number; right: number; count: number }>();
  for (const { confidence, agrees } of tried) {
    const group = groups.get(confidence) ?? { from: confidence, right: 0, count: 0 };
    group.right += agrees ? 1 : 0;
    group.count += 1;
    groups.set(confidence, group);
  }
  return [...groups.values()].sort((a, b) => a.from - b.from);
}
