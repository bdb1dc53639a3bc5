import { windowMs, windowShape, type Window } from '../model/window.js';
import { judgeWindow, windowRules, type WindowRules } from './judge-window.js';
import type { SampleRing } from './sample-ring.js';

const { steps, channels, stepMs, hopMs } = windowShape;

/** Samples that are on their way get so much time before a window is cut. */
const latenessMs = 1_000;

/** Windows that are made up for when nobody has cut any for a while. */
const mostDue = 2;

/**
 * The window of the 10 s up to `endAt`, in Unix milliseconds by the clock of the device; throws a `RangeError` where
 * that is not the end of a step. Causal: each step takes the latest sample that was heard until its end. That is held
 * for 1 s, and after that all channels of the step are 0.
 */
export function cutWindow(ring: SampleRing, endAt: number, rules: WindowRules = windowRules): Window {
  if (!Number.isSafeInteger(endAt / stepMs)) throw new RangeError(`A window ends with a step, not at ${endAt}.`);
  const features = new Float32Array(steps * channels);
  for (let step = 0; step < steps; step++)
    ring.copyStep(endAt - windowMs + (step + 1) * stepMs, features, step * channels);
  return { endAt, features, ...judgeWindow(features, rules) };
}

/**
 * Ends of the windows that can be cut now, oldest first: every 2 s there is one, a second after its end. `after` is the
 * end of the last one that was cut, null before the first; `now` is what the clock of the device shows. After a pause
 * the last two.
 */
export function dueWindows(after: number | null, now: number): readonly number[] {
  const latest = Math.floor((now - latenessMs) / hopMs) * hopMs;
  const isSetBack = after !== null && after > latest + hopMs;
  const due = after === null || isSetBack ? 1 : Math.max(0, Math.floor((latest - after) / hopMs));
  return Array.from({ length: Math.min(due, mostDue) }, (_, index) => latest - index * hopMs).reverse();
}
