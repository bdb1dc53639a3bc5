import { clamp, type Frame } from './compose-sample.js';

/** Pixels from the upper left corner of the frame. */
export type Point = readonly [x: number, y: number];

/**
 * Points of the face mesh that MediaPipe and Human share (468, or 478 with irises); the learner's own right eye first.
 */
const eyes = [
  { outer: 33, inner: 133, lids: [160, 144, 158, 153] },
  { outer: 263, inner: 362, lids: [387, 373, 385, 380] },
] as const;
const forehead = 10;
const chin = 152;
const irises = [468, 473] as const;
const meshPoints = 468;

/**
 * Between the outer corners of the eyes, in pixels: below the first a mesh is a guess, from the second on it is good.
 */
const eyeSpan = [12, 48] as const;

/** How far the centre of an iris goes from the middle of the eye, as a share of half the eye's width. */
const irisReach = 0.5;

/** Mean eye aspect ratio of open and of closed eyes; persons differ. */
const openEye = 0.28;
const closedEye = 0.12;

/** How far eyes turn in the head where the gaze is 1 or −1: some 35°. */
const eyeReach = 0.6;

/** Away from the camera by less than 20° somebody looks at the screen for sure, by more than 40° surely not. */
const screenAngles = [0.35, 0.7] as const;

/** True where points are a whole face mesh. */
export function isMesh(face: readonly Point[] | null): face is readonly Point[] {
  return face !== null && face.length >= meshPoints;
}

/**
 * Mean over both eyes of the eye aspect ratio (T. Soukupová & J. Čech, "Real-time eye blink detection using facial
 * landmarks", 2016): (|p2 − p6| + |p3 − p5|) / (2 |p1 − p4|). Some 0.3 when open, below 0.15 when closed.
 */
export function eyeAspectRatio(face: readonly Point[]): number {
  const [right, left] = eyes.map(({ outer, inner, lids: [a, b, c, d] }) => {
    const heights = distance(face[a]!, face[b]!) + distance(face[c]!, face[d]!);
    return heights / (2 * distance(face[outer]!, face[inner]!));
  });
  return (right! + left!) / 2;
}

/** How closed eyes of an aspect ratio are, 0 to 1, where nothing better says so. */
export function blinkOf(ear: number): number {
  return clamp((openEye - ear) / (openEye - closedEye), 0, 1);
}

/**
 * Where the eyes are turned, −1 to 1, positive to the learner's right and up: the mean place of the irises between the
 * corners of the eyes. Null without irises. Sources number the two irises differently, so each eye takes the nearer
 * one.
 */
export function irisTurn(face: readonly Point[]): readonly [h: number, v: number] | null {
  const centres = irises.map((index) => face[index]).filter((centre) => centre !== undefined);
  if (centres.length < irises.length) return null;
  const turns = eyes.map(({ outer, inner }): Point => {
    const middle = between(face[outer]!, face[inner]!);
    const [first, second] = centres as [Point, Point];
    const iris = distance(first, middle) <= distance(second, middle) ? first : second;
    const reach = (distance(face[outer]!, face[inner]!) / 2) * irisReach;
    return [(middle[0] - iris[0]) / reach, (middle[1] - iris[1]) / reach];
  });
  return [(turns[0]![0] + turns[1]![0]) / 2, (turns[0]![1] + turns[1]![1]) / 2];
}

/**
 * How surely somebody looks at the screen, 0 to 1, by the head and the eyes in it, 0.5 where the head's pose is not
 * known. A rule of thumb that knows nothing of where camera and screen stand to each other.
 */
export function onScreenOf(pose: readonly number[] | null, [h, v]: readonly [h: number, v: number]): number {
  if (pose === null) return 0.5;
  const away = Math.hypot(pose[0]! + h * eyeReach, pose[1]! + v * eyeReach);
  const [sure, never] = screenAngles;
  return clamp((never - away) / (never - sure), 0, 1);
}

/**
 * How well a face was seen, 0 to 1, by what is known of it: its size in pixels, the share of its points inside the
 * frame, and the cosine of the angle between the head and the camera.
 */
export function faceQuality(face: readonly Point[] | null, frame: Frame, pose: readonly number[] | null): number {
  const turn = pose === null ? 1 : Math.max(0, Math.cos(pose[0]!) * Math.cos(pose[1]!));
  if (!isMesh(face)) return turn;
  const [least, good] = eyeSpan;
  const size = clamp((distance(face[eyes[0].outer]!, face[eyes[1].outer]!) - least) / (good - least), 0, 1);
  const inside = face.filter(([x, y]) => x >= 0 && y >= 0 && x <= frame.width && y <= frame.height);
  return turn * size * (inside.length / face.length);
}

/** Height of a face from the forehead to the chin, in pixels. */
export function faceHeight(face: readonly Point[]): number {
  return distance(face[forehead]!, face[chin]!);
}

/** The middle of two points. */
export function between(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** How far two points are apart, in pixels. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
