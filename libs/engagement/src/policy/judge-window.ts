import {
  faceChannel,
  presentChannel,
  qualityChannel,
  windowShape,
  type AbstainReason,
  type WindowQuality,
} from '../model/window.js';

/** What a window must have to be judged. */
export interface WindowRules {
  /** Without a face for so long, up to the end, a learner is away; at most the length of a window. */
  readonly awayAfterMs: number;
  readonly coverage: number;
  readonly faceShare: number;
  readonly clarity: number;
}

export const windowRules: WindowRules = { awayAfterMs: 5_000, coverage: 0.7, faceShare: 0.5, clarity: 0.3 };

/**
 * How much a window rests on, and why it may not be judged, if so; the first of these reasons: no sample at all; away,
 * which is a rule and no state that a model names; too few samples; too few of them with a face; a face that is badly
 * seen.
 */
export function judgeWindow(
  features: Float32Array,
  rules: WindowRules = windowRules,
): { readonly quality: WindowQuality; readonly abstain: AbstainReason | null } {
  let present = 0;
  let faces = 0;
  let clarity = 0;
  for (let step = 0; step < windowShape.steps; step++) {
    const face = at(features, step, faceChannel);
    present += at(features, step, presentChannel);
    faces += face;
    clarity += face * at(features, step, qualityChannel);
  }
  const coverage = present / windowShape.steps;
  const faceShare = present === 0 ? 0 : faces / present;
  const clearness = faces === 0 ? 0 : clarity / faces;
  const quality = { score: coverage * faceShare * clearness, coverage, faceShare, clarity: clearness };
  return { quality, abstain: reasonOf(features, quality, rules) };
}

/** True where samples came for so long, up to the end of the window, and none of them had a face. */
export function isAway(
  features: Float32Array,
  { awayAfterMs }: Pick<WindowRules, 'awayAfterMs'> = windowRules,
): boolean {
  const needed = Math.min(windowShape.steps, Math.ceil(awayAfterMs / windowShape.stepMs));
  for (let step = windowShape.steps - needed; step < windowShape.steps; step++) {
    if (at(features, step, presentChannel) === 0 || at(features, step, faceChannel) > 0) return false;
  }
  return true;
}

function reasonOf(features: Float32Array, quality: WindowQuality, rules: WindowRules): AbstainReason | null {
  if (quality.coverage === 0) return 'no-samples';
  if (isAway(features, rules)) return 'away';
  if (quality.coverage < rules.coverage) return 'too-few-samples';
  if (quality.faceShare < rules.faceShare) return 'face-seldom-seen';
  if (quality.clarity < rules.clarity) return 'face-badly-seen';
  return null;
}

function at(features: Float32Array, step: number, channel: number): number {
  return features[step * windowShape.channels + channel]!;
}
