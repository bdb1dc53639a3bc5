import { blendshapeNames } from '#libs/kernel';
import { bodyOf } from './body-geometry.js';
import { composeSample, type Capture, type Frame } from './compose-sample.js';
import {
  blinkOf,
  eyeAspectRatio,
  faceHeight,
  faceQuality,
  irisTurn,
  isMesh,
  onScreenOf,
  type Point,
} from './face-geometry.js';
import { handsOf, type Hand } from './hand-geometry.js';
import { mirrorSample } from './mirror-sample.js';
import type { Sample } from './sample.js';

/** The part of `@mediapipe/tasks-vision` that is read. Shares of the frame's width and height. */
interface Landmark {
  readonly x: number;
  readonly y: number;
  readonly visibility?: number;
}

interface Category {
  readonly categoryName: string;
  readonly score: number;
}

/** Of `FaceLandmarker`, best with `outputFaceBlendshapes` and `outputFacialTransformationMatrixes`. */
export interface MediaPipeFaces {
  readonly faceLandmarks?: readonly (readonly Landmark[])[];
  readonly faceBlendshapes?: readonly { readonly categories: readonly Category[] }[];
  readonly facialTransformationMatrixes?: readonly { readonly data: ArrayLike<number> }[];
}

/** Of `HandLandmarker` or `GestureRecognizer`. */
export interface MediaPipeHands {
  readonly landmarks: readonly (readonly Landmark[])[];
  readonly gestures?: readonly (readonly Category[])[];
}

/** Of `PoseLandmarker`. */
export interface MediaPipePoses {
  readonly landmarks: readonly (readonly Landmark[])[];
}

/** What the tasks of MediaPipe found in one frame; a task that does not run is left out. */
export interface MediaPipeResults {
  readonly face: MediaPipeFaces;
  readonly hands?: MediaPipeHands | undefined;
  readonly pose?: MediaPipePoses | undefined;
}

/** Points of a body: nose and shoulders. */
const nose = 0;
const leftShoulder = 11;
const rightShoulder = 12;

/** Below it a point of a body is a guess. */
const visible = 0.5;

/** A head's matrix scales by 1 or nearly so; one that flattens is none. */
const leastScale = 0.5;

/** Below it a gesture is a guess, and the fingers are measured. */
const recognised = 0.5;

/** Stretched fingers of five in the gestures that MediaPipe recognises. */
const fingersOfGesture: Readonly<Record<string, number>> = {
  Closed_Fist: 0,
  Open_Palm: 5,
  Pointing_Up: 1,
  Thumb_Down: 1,
  Thumb_Up: 1,
  Victory: 2,
  ILoveYou: 3,
};

/**
 * The sample of what MediaPipe found in a frame; of several faces the largest, of several bodies the first. Landmarks
 * are measured here and go no further.
 */
export function sampleFromMediaPipe({ face, hands, pose }: MediaPipeResults, capture: Capture): Sample {
  const { frame, t } = capture;
  const meshes = (face.faceLandmarks ?? []).map((landmarks) => inPixels(landmarks, frame));
  const which = largest(meshes);
  const mesh = meshes[which] ?? null;
  const blendshapes = blendshapesOf(face.faceBlendshapes?.[which]?.categories);
  const head = headOf(face.facialTransformationMatrixes?.[which]?.data);
  const turn = blendshapes ? eyesOf(blendshapes) : isMesh(mesh) ? irisTurn(mesh) : null;
  const ear = isMesh(mesh) ? eyeAspectRatio(mesh) : null;
  const blink = blendshapes ? blinkIn(blendshapes) : blinkOf(ear ?? 0);
  const sample = composeSample(t, {
    src: 'mediapipe',
    face: isMesh(mesh) || blendshapes !== null || head !== null,
    q: faceQuality(mesh, frame, head),
    bs: blendshapes,
    pose: head,
    gaze: turn && [...turn, onScreenOf(head, turn)],
    eye: ear === null ? null : [blink, ear],
    hands: hands ? handsOf(handsIn(hands, frame), mesh, frame) : null,
    body: pose?.landmarks[0] ? bodyIn(pose.landmarks[0], frame) : null,
  });
  return capture.mirrored ? mirrorSample(sample) : sample;
}

function inPixels(landmarks: readonly Landmark[], { width, height }: Frame): Point[] {
  return landmarks.map(({ x, y }) => [x * width, y * height]);
}

function largest(meshes: readonly (readonly Point[])[]): number {
  const heights = meshes.map((mesh) => (isMesh(mesh) ? faceHeight(mesh) : 0));
  return Math.max(0, heights.indexOf(Math.max(...heights)));
}

/** By name, so that an order or a selection of another version does no harm; null where one is missing. */
function blendshapesOf(categories: readonly Category[] | undefined): readonly number[] | null {
  if (categories === undefined) return null;
  const scores = new Map(categories.map(({ categoryName, score }) => [categoryName, score]));
  const numbers = blendshapeNames.map((name) => scores.get(name) ?? NaN);
  return numbers.every((number) => Number.isFinite(number)) ? numbers : null;
}

const placeOf = Object.fromEntries(blendshapeNames.map((name, index) => [name, index])) as Record<
  (typeof blendshapeNames)[number],
  number
>;

function blinkIn(bs: readonly number[]): number {
  return (bs[placeOf.eyeBlinkLeft]! + bs[placeOf.eyeBlinkRight]!) / 2;
}

/** In is towards the nose: the left eye looks right with it, the right eye left. */
function eyesOf(bs: readonly number[]): readonly [h: number, v: number] {
  const at = (name: keyof typeof placeOf): number => bs[placeOf[name]]!;
  return [
    (at('eyeLookInLeft') + at('eyeLookOutRight') - at('eyeLookOutLeft') - at('eyeLookInRight')) / 2,
    (at('eyeLookUpLeft') + at('eyeLookUpRight') - at('eyeLookDownLeft') - at('eyeLookDownRight')) / 2,
  ];
}

/**
 * Angles and place of the head, from the matrix that lays MediaPipe's face model onto the face: centimetres, the camera
 * at 0, x to the frame's right, which is the learner's left, y up, z towards the camera. Columns come one after
 * another; rows, as some bindings give them, are told by where the zeros stand. R = Ry(−yaw) · Rx(−pitch) · Rz(roll).
 */
function headOf(data: ArrayLike<number> | undefined): readonly number[] | null {
  if (data === undefined || data.length !== 16) return null;
  const inColumns = data[3] === 0 && data[7] === 0 && data[11] === 0;
  const inRows = data[12] === 0 && data[13] === 0 && data[14] === 0;
  if (!inColumns && !inRows) return null;
  const at = (row: number, column: number): number => (inColumns ? data[column * 4 + row] : data[row * 4 + column])!;
  const [forwardX, forwardY, forwardZ] = [at(0, 2), at(1, 2), at(2, 2)];
  if (Math.hypot(forwardX, forwardY, forwardZ) < leastScale) return null;
  return [
    Math.atan2(0 - forwardX, forwardZ),
    Math.atan2(forwardY, Math.hypot(forwardX, forwardZ)),
    Math.atan2(at(1, 0), at(1, 1)),
    0 - at(0, 3),
    at(1, 3),
    0 - at(2, 3),
  ];
}

function handsIn({ landmarks, gestures }: MediaPipeHands, frame: Frame): Hand[] {
  return landmarks.map((points, index) => {
    const gesture = gestures?.[index]?.[0];
    const told = gesture && gesture.score >= recognised ? fingersOfGesture[gesture.categoryName] : undefined;
    return { points: inPixels(points, frame), fingers: told === undefined ? undefined : told / 5 };
  });
}

function bodyIn(landmarks: readonly Landmark[], frame: Frame): readonly number[] | null {
  const points = inPixels(landmarks, frame);
  const isSeen = (index: number): boolean => (landmarks[index]?.visibility ?? 0) >= visible;
  if (![nose, leftShoulder, rightShoulder].every(isSeen)) return null;
  return bodyOf(
    { nose: points[nose]!, leftShoulder: points[leftShoulder]!, rightShoulder: points[rightShoulder]! },
    frame,
  );
}
