import { poseAngles, sampleMeasures, type MeasureGroup } from '#libs/kernel';
import type { Sample, SampleSource } from './sample.js';

/** When and how a frame was taken. */
export interface Capture {
  /** Unix milliseconds. */
  readonly t: number;
  /** Size of the frame in pixels. */
  readonly frame: Frame;
  /** True where the frame was flipped before it was looked at, as selfie views are. */
  readonly mirrored?: boolean;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** What a source says of a frame, as if it were not mirrored: raw numbers, which may be beyond their limits or none. */
export interface Reading {
  readonly src: SampleSource;
  readonly face: boolean;
  readonly q: number;
  readonly bs?: readonly number[] | null;
  readonly pose?: readonly number[] | null;
  readonly gaze?: readonly number[] | null;
  readonly eye?: readonly number[] | null;
  readonly hands?: readonly number[] | null;
  readonly body?: readonly number[] | null;
}

/** Three decimals are finer than any source is, and make half of the text. */
const decimals = 1_000;

/**
 * The sample of a reading, with three decimals: shares and the like are held to their limits, impossible angles are no
 * pose, an impossible place leaves the angles, and a part with a number that is none is null.
 */
export function composeSample(t: number, reading: Reading): Sample {
  const { src, face } = reading;
  return {
    v: 1,
    t: Math.round(t),
    src,
    face,
    q: face && Number.isFinite(reading.q) ? kept(reading.q, 0, 1) : 0,
    bs: face ? (finite(reading.bs)?.map((share) => kept(share, 0, 1)) ?? null) : null,
    pose: face ? possiblePose(reading.pose) : null,
    gaze: face ? held('gaze', reading.gaze) : null,
    eye: face ? held('eye', reading.eye) : null,
    hands: held('hands', reading.hands),
    body: held('body', reading.body),
  };
}

function finite(numbers: readonly number[] | null | undefined): readonly number[] | null {
  return numbers?.every((number) => Number.isFinite(number)) ? numbers : null;
}

function held<G extends Exclude<MeasureGroup, 'pose'>>(group: G, numbers: Reading[G]): Sample[G] {
  const limits = sampleMeasures[group];
  const all = finite(numbers)?.map((number, index) => kept(number, limits[index]!.low, limits[index]!.high));
  return (all ?? null) as Sample[G];
}

function possiblePose(numbers: Reading['pose']): Sample['pose'] {
  const { pose } = sampleMeasures;
  const isPossible = (number: number, index: number): boolean =>
    pose[index]!.low <= number && number <= pose[index]!.high;
  const angles = numbers?.slice(0, poseAngles);
  if (numbers === null || numbers === undefined || !angles!.every(isPossible)) return null;
  const possible = numbers.every(isPossible) ? numbers : angles!;
  return possible.map((number, index) =>
    kept(number, pose[index]!.low, pose[index]!.high),
  ) as unknown as Sample['pose'];
}

/** Rounded, and held to its limits; never −0. */
function kept(number: number, low: number, high: number): number {
  return clamp(Math.round(number * decimals) / decimals, low, high) + 0;
}

/** A number held between two others. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
