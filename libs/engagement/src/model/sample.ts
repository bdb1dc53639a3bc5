/**
 * One look at a learner: what windows need of it. What was not measured is null. The numbers, their order, units and
 * signs are those of `sampleMeasures` and `blendshapeNames`; what travels has the same shape.
 */
export interface Sample {
  /** Unix milliseconds, by the clock of the device. */
  readonly t: number;
  readonly face: boolean;
  /** How well the face was seen, 0 to 1. */
  readonly q: number;
  /** 52 shares. */
  readonly bs: readonly number[] | null;
  /** Three angles, or these and three distances. */
  readonly pose: readonly (number | undefined)[] | null;
  readonly gaze: readonly number[] | null;
  readonly eye: readonly number[] | null;
  readonly hands: readonly number[] | null;
  readonly body: readonly number[] | null;
}
