import type { PhotoQuality } from '../photo.ports.js';
import { ungraded, type Ungraded } from '../ports.js';

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

/** What becomes of work whose photo cannot be used: its learner reads what to do. */
export function unusablePhoto(detail: string): Ungraded {
  return ungraded('photo-unusable', { detail });
}

/**
 * What becomes of work whose photo was not read. What a busy or ended program could not do, it may well do in a moment; what took it
 * too long or it cannot do at all, it will not.
 */
export function unreadPhoto({
  reason,
  detail: cause,
}: {
  readonly reason: 'unreadable' | 'too-slow' | 'broken' | 'crashed' | 'busy';
  readonly detail: string;
}): Ungraded {
  if (reason === 'unreadable') return unusablePhoto('The photo cannot be read. Take it again.');
  return ungraded('photo-unmeasured', { isPassing: reason === 'crashed' || reason === 'busy', cause });
}
