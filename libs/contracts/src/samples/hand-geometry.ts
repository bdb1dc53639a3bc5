import { clamp, type Frame } from './compose-sample.js';
import { distance, faceHeight, isMesh, type Point } from './face-geometry.js';

/** Points of a hand, as MediaPipe and Human number them: the wrist, then four for each finger from the thumb on. */
const handPoints = 21;
const wrist = 0;
const thumb = { tip: 4, joint: 3 } as const;
const littleKnuckle = 17;
const fingers = [
  { tip: 8, joint: 6 },
  { tip: 12, joint: 10 },
  { tip: 16, joint: 14 },
  { tip: 20, joint: 18 },
] as const;

/** A tip is farther from the wrist than its joint by this factor where the finger is stretched. */
const stretched = 1.1;

/** Hands that a learner has. */
const both = 2;

/** One hand of a frame. */
export interface Hand {
  /** 21 points in pixels. */
  readonly points: readonly Point[];
  /** Share of the fingers that are stretched, where the source recognises gestures. */
  readonly fingers?: number | undefined;
}

/**
 * What a sample tells of hands: the share of two that is seen; how high the highest wrist is; how near the nearest hand
 * is to the face, 1 where it touches and 0 at a face's height away; and the share of stretched fingers, the mean of the
 * hands.
 */
export function handsOf(hands: readonly Hand[], face: readonly Point[] | null, frame: Frame): readonly number[] {
  const seen = hands.filter(({ points }) => points.length >= handPoints);
  if (seen.length === 0) return [0, 0, 0, 0];
  const raised = Math.max(...seen.map(({ points }) => 1 - points[wrist]![1] / frame.height));
  const stretch = seen.map(({ points, fingers: told }) => told ?? stretchedShare(points));
  return [
    Math.min(seen.length, both) / both,
    raised,
    isMesh(face) ? Math.max(...seen.map(({ points }) => nearness(points, face))) : 0,
    stretch.reduce((sum, share) => sum + share, 0) / stretch.length,
  ];
}

/**
 * Share of the five fingers that are stretched. The thumb is where its tip is farther from the little finger's knuckle.
 */
export function stretchedShare(hand: readonly Point[]): number {
  const isStretched = (from: number, { tip, joint }: { tip: number; joint: number }): boolean =>
    distance(hand[tip]!, hand[from]!) > distance(hand[joint]!, hand[from]!) * stretched;
  const count = fingers.filter((finger) => isStretched(wrist, finger)).length;
  return (count + (isStretched(littleKnuckle, thumb) ? 1 : 0)) / (fingers.length + 1);
}

/** By the box around the face: 1 inside it, 0 at a face's height away from it. */
function nearness(hand: readonly Point[], face: readonly Point[]): number {
  const [xs, ys] = [face.map(([x]) => x), face.map(([, y]) => y)];
  const outside = (value: number, low: number, high: number): number => Math.max(low - value, 0, value - high);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const away = hand.map(([x, y]) => Math.hypot(outside(x, left, right), outside(y, top, bottom)));
  return clamp(1 - Math.min(...away) / faceHeight(face), 0, 1);
}
