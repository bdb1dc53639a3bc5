import { bodyOf } from './body-geometry.js';
import { composeSample, type Capture, type Frame } from './compose-sample.js';
import { blinkOf, eyeAspectRatio, faceQuality, irisTurn, isMesh, onScreenOf, type Point } from './face-geometry.js';
import { handsOf } from './hand-geometry.js';
import { mirrorSample } from './mirror-sample.js';
import type { Sample } from './sample.js';

/** Pixels; the third number, where there is one, is a depth. */
type HumanPoint = readonly [x: number, y: number, z?: number];

/** The part of a face of `@vladmandic/human` that is read. */
export interface HumanFace {
  readonly score?: number;
  /** x, y, width and height in pixels. */
  readonly box?: readonly number[];
  readonly mesh?: readonly HumanPoint[];
  readonly rotation?: {
    readonly angle: { readonly yaw: number; readonly pitch: number; readonly roll: number };
    readonly matrix?: readonly number[];
    readonly gaze?: { readonly bearing: number; readonly strength: number };
  } | null;
}

/** The part of a result of `@vladmandic/human` that is read; a module that does not run gives an empty list. */
export interface HumanResult {
  readonly face: readonly HumanFace[];
  readonly hand?: readonly { readonly keypoints?: readonly HumanPoint[] }[];
  readonly body?: readonly {
    readonly keypoints: readonly { readonly part: string; readonly position: HumanPoint; readonly score: number }[];
  }[];
  /** Of these, blinks are read: `{ face: 0, gesture: 'blink left eye' }`. */
  readonly gesture?: readonly { readonly gesture: string; readonly face?: number }[];
}

/** Below it a point of a body is a guess. */
const visible = 0.3;

/**
 * The sample of what Human found in a frame; of several faces the largest, of several bodies the first. It knows
 * neither blendshapes nor distances. `hands` is null where Human found none: it does not say whether it has looked.
 */
export function sampleFromHuman(result: HumanResult, capture: Capture): Sample {
  const { frame, t } = capture;
  const which = largest(result.face);
  const face = result.face[which];
  const mesh = face?.mesh ? inPixels(face.mesh) : null;
  const head = headOf(face?.rotation);
  const ear = isMesh(mesh) ? eyeAspectRatio(mesh) : null;
  const turn = (isMesh(mesh) ? irisTurn(mesh) : null) ?? gazeOf(face?.rotation);
  const sample = composeSample(t, {
    src: 'human',
    face: face !== undefined,
    q: faceQuality(mesh, frame, head) * (face?.score ?? 1),
    pose: head,
    gaze: turn && [...turn, onScreenOf(head, turn)],
    eye: ear === null ? null : [Math.max(blinkOf(ear), blinksIn(result, which) / 2), ear],
    hands: result.hand?.length
      ? handsOf(
          result.hand.map(({ keypoints = [] }) => ({ points: inPixels(keypoints) })),
          mesh,
          frame,
        )
      : null,
    body: bodyIn(result.body?.[0], frame),
  });
  return capture.mirrored ? mirrorSample(sample) : sample;
}

function inPixels(points: readonly HumanPoint[]): Point[] {
  return points.map(([x, y]) => [x, y]);
}

function largest(faces: readonly HumanFace[]): number {
  const heights = faces.map(({ box }) => box?.[3] ?? 0);
  return Math.max(0, heights.indexOf(Math.max(...heights)));
}

/**
 * From Human's matrix, whose rows are the axes of the face in the frame: from her right cheek to her left, from
 * forehead to chin, and away from the camera. Without it by the angles: yaw is positive to her right, pitch when she
 * looks down, roll to her left. The angles come second because older versions double them (`src/face/angles.ts`).
 * Without a mesh both say 0 of everything.
 */
function headOf(rotation: HumanFace['rotation']): readonly number[] | null {
  if (!rotation) return null;
  const { yaw, pitch, roll } = rotation.angle;
  if (yaw === 0 && pitch === 0 && roll === 0) return null;
  const { matrix } = rotation;
  if (matrix?.length !== 9) return [yaw, 0 - pitch, 0 - roll];
  const [, acrossY, , , downY, , awayX, awayY, awayZ] = matrix;
  return [Math.atan2(awayX!, awayZ!), Math.atan2(awayY!, Math.hypot(awayX!, awayZ!)), Math.atan2(0 - acrossY!, downY!)];
}

/**
 * Human's own gaze, as it draws it: `bearing` from straight down on, towards the frame's right; 0 of both is no gaze.
 */
function gazeOf(rotation: HumanFace['rotation']): readonly [h: number, v: number] | null {
  const { bearing, strength } = rotation?.gaze ?? { bearing: 0, strength: 0 };
  if (bearing === 0 && strength === 0) return null;
  return [0 - Math.sin(bearing) * strength, 0 - Math.cos(bearing) * strength];
}

function blinksIn({ gesture = [] }: HumanResult, which: number): number {
  return gesture.filter(({ face, gesture: name }) => face === which && name.startsWith('blink')).length;
}

function bodyIn(body: NonNullable<HumanResult['body']>[number] | undefined, frame: Frame): readonly number[] | null {
  const at = (part: string): Point | null => {
    const point = body?.keypoints.find((each) => each.part === part && each.score >= visible);
    return point ? [point.position[0], point.position[1]] : null;
  };
  const [nose, leftShoulder, rightShoulder] = [at('nose'), at('leftShoulder'), at('rightShoulder')];
  return nose && leftShoulder && rightShoulder ? bodyOf({ nose, leftShoulder, rightShoulder }, frame) : null;
}
