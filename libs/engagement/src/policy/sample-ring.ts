import type { Sample } from '../model/sample.js';
import { windowShape } from '../model/window.js';
import { isSound, writeRow } from './write-row.js';

const { channels, stepMs, holdMs } = windowShape;

/** Steps that are kept: 20 s, a window with what is held before it and some 9 s for what comes late. */
const ringSteps = 80;

/** A sample may be ahead of the estimated time of the device by so much. */
const aheadMs = 2_000;

/**
 * What became of a sample. `superseded`: its step has a later one, or this very one. `too-old`: it would stand before
 * what is kept. `too-early`: it says to be from the future. `unsound`: a number is missing, or is none.
 */
export type Kept = 'kept' | 'superseded' | 'too-old' | 'too-early' | 'unsound';

/**
 * The latest 20 s of one learner, in 25 kB that never grow: for each step of 250 ms its latest sample. Samples may come
 * in any order, any number of times, at any rate; the oldest give way. Of a faster stream the others are dropped and
 * not averaged, so that a window means the same at 4 Hz and at 30. The one thing here that changes in place.
 */
export class SampleRing {
  private readonly rows = new Float32Array(ringSteps * channels);
  /** Time of the sample in each slot; before all time where there is none. */
  private readonly times = new Float64Array(ringSteps).fill(-Infinity);
  private readonly candidate = new Float32Array(channels);
  private newestStep = -Infinity;

  /** Memory that it takes, in bytes. */
  get bytes(): number {
    return this.rows.byteLength + this.times.byteLength + this.candidate.byteLength;
  }

  /**
   * Takes a sample. `now`: what the clock of the device shows, in Unix milliseconds. Where what is kept lies ahead of
   * it, the clock was set back, and what was heard before is forgotten.
   */
  add(sample: Sample, now: number): Kept {
    if (!isSound(sample)) return 'unsound';
    if (this.newestStep * stepMs > now + aheadMs + stepMs) this.clear();
    if (!(sample.t <= now + aheadMs)) return 'too-early';
    const step = stepOf(sample.t);
    if (step <= this.newestStep - ringSteps) return 'too-old';
    const slot = slotOf(step);
    writeRow(sample, this.candidate, 0);
    const isTaken = stepOf(this.times[slot]!) === step;
    if (isTaken && !this.isLater(sample.t, slot)) return 'superseded';
    this.rows.set(this.candidate, slot * channels);
    this.times[slot] = sample.t;
    this.newestStep = Math.max(this.newestStep, step);
    return 'kept';
  }

  /**
   * Copies the latest sample that was heard until `endAt`, the end of a step, and not more than 1 s before it. False,
   * and nothing is copied, where there is none.
   */
  copyStep(endAt: number, into: Float32Array, place: number): boolean {
    const last = stepOf(endAt);
    for (let step = last; step >= last - holdMs / stepMs; step--) {
      if (step <= this.newestStep - ringSteps) return false;
      const slot = slotOf(step);
      const heardAt = this.times[slot]!;
      if (stepOf(heardAt) !== step) continue;
      if (endAt - heardAt > holdMs) return false;
      into.set(this.rows.subarray(slot * channels, (slot + 1) * channels), place);
      return true;
    }
    return false;
  }

  private clear(): void {
    this.times.fill(-Infinity);
    this.newestStep = -Infinity;
  }

  /** Two samples of one time are told apart by their numbers, so that it does not matter which came first. */
  private isLater(t: number, slot: number): boolean {
    if (t !== this.times[slot]) return t > this.times[slot]!;
    for (let column = 0; column < channels; column++) {
      const difference = this.candidate[column]! - this.rows[slot * channels + column]!;
      if (difference !== 0) return difference > 0;
    }
    return false;
  }
}

/** Step k is what came after (k − 1) · 250 ms, until k · 250 ms. */
function stepOf(t: number): number {
  return Math.ceil(t / stepMs);
}

function slotOf(step: number): number {
  return ((step % ringSteps) + ringSteps) % ringSteps;
}
