import type { Manifest } from '../model/manifest.js';
import type { LiveAgreement } from '../model/model-package.js';
import { line, shown, type GateLine } from './gate-line.js';
import { gateNumbers } from './gate-numbers.js';
import { shownAccuracy } from './shown-accuracy.js';
import { wilsonUpper } from './wilson.js';

/** When live work says that a model is not what it was; docs/decisions/0024 says where these come from. */
export const driftNumbers = {
  /** The last works that teachers settled, by which it is judged; with fewer it is not. */
  window: 50,
  /** What it may lose of what it has shown: as much as the gate lets a new version lose against the active one. */
  loss: gateNumbers.grading.shadowLoss,
} as const;

/**
 * Whether teachers agree with a model on live work as often as it must be asked of it. Of the last n = 50 works that they settled
 * they agree on a; u works between them stand as the model scored them, without a teacher having looked. The upper 95 % bound
 * of (a + u) / (n + u), by Wilson, has to reach the floor: the lower 95 % bound of the accuracy by which it passed its gate less
 * what the gate lets a version lose, and never less than always giving the most frequent label.
 *
 * Works that nobody looked at count for the model: teachers of practice look first at what students complain of, and a model
 * of which they see the mistakes only would look bad at any accuracy. Where work counts, teachers settle all of it, so u is 0.
 * @returns null where nothing can be said: fewer works, or a model that states no accuracy
 */
export function driftLine(manifest: Manifest, { settled, agreed, unlooked }: LiveAgreement): GateLine | null {
  const floor = driftFloor(manifest);
  if (floor === null || settled < driftNumbers.window) return null;
  const upper = wilsonUpper(agreed + unlooked, settled + unlooked);
  return line(
    'agreement with teachers on live work',
    `upper 95 % bound at least ${shown(floor)}`,
    `${shown(upper)}: of the last ${settled} works that teachers settled, ${agreed} as it judged` +
      (unlooked === 0 ? '' : `; ${unlooked} between them stand without a look`),
    upper >= floor,
  );
}

/** The share of live work on which teachers have to agree with a model; null where it states no accuracy. */
export function driftFloor(manifest: Manifest): number | null {
  if (manifest.task !== 'image-classification') return null;
  const { lower, guessing } = shownAccuracy(manifest);
  return lower === undefined ? null : Math.max(guessing, lower - driftNumbers.loss);
}
