import type { PhotoQuality } from '../../photo.ports.js';

/** Below this contrast (of lightness, 0 to 100) there is nothing on a photo. */
const leastContrast = 6;
/** Below this lightness at its brightest a photo is dark. */
const leastBrightness = 35;
/** From this blur on, in thousandths of the longer side, edges are too soft to measure by, unless more is asked for. */
const mostBlur = 6;

/** What a photo must be. */
export interface PhotoDemands {
  readonly bright: boolean;
  readonly sharp: boolean;
}

/**
 * What a learner has to do about a photo that cannot be measured; null where it can be.
 * @param blurred from which blur on it is too soft
 */
export function photoFault(
  { contrast, brightest, blur }: PhotoQuality,
  { bright, sharp }: PhotoDemands,
  blurred: number = mostBlur,
): string | null {
  if (bright && brightest < leastBrightness) {
    return 'The photo is too dark. Take it again with more light, without the shadow of your hand.';
  }
  if (contrast < leastContrast) {
    return 'There is nothing to be seen on the photo. Check that the lens is free, and take it again.';
  }
  if (sharp && blur > blurred) {
    return 'The photo is blurred. Hold the camera still, tap on what you photograph to focus, and take it again.';
  }
  return null;
}
