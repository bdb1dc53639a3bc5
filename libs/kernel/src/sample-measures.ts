/**
 * The 52 blendshapes of MediaPipe's face landmarker in its order, `_neutral` first; each is 0 to 1. Left and right are
 * those of the learner. (MediaPipe's model card "Blendshape V2"; ARKit's names, without `tongueOut`.)
 */
export const blendshapeNames = [
  '_neutral',
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'eyeBlinkLeft',
  'eyeBlinkRight',
  'eyeLookDownLeft',
  'eyeLookDownRight',
  'eyeLookInLeft',
  'eyeLookInRight',
  'eyeLookOutLeft',
  'eyeLookOutRight',
  'eyeLookUpLeft',
  'eyeLookUpRight',
  'eyeSquintLeft',
  'eyeSquintRight',
  'eyeWideLeft',
  'eyeWideRight',
  'jawForward',
  'jawLeft',
  'jawOpen',
  'jawRight',
  'mouthClose',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthFunnel',
  'mouthLeft',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthPucker',
  'mouthRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'noseSneerLeft',
  'noseSneerRight',
] as const;

export type BlendshapeName = (typeof blendshapeNames)[number];

/** One number of a sample: what it may be, both ends included, and whether it changes its sign in a mirror. */
export interface Measure {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly sideways: boolean;
}

const quarterTurn = Math.PI / 2;

function measure(name: string, low: number, high: number): Measure {
  return { name, low, high, sideways: false };
}

function sideways(name: string, reach: number): Measure {
  return { name, low: -reach, high: reach, sideways: true };
}

/**
 * What a sample of engagement measures besides the blendshapes, on the wire and where windows are made of it. Sideways
 * is positive towards the learner's own right, which is the right of a screen that she faces; upwards is positive.
 *
 * - `pose` of the head to the camera. Radians: `yaw` (she turns), `pitch` (she looks up), `roll` (she leans her head to
 *   a shoulder). Then, where it is known, the place of the head in centimetres: `tx`, `ty`, and `tz`, how far away.
 * - `gaze`: `h` and `v`, −1 to 1: how far the eyes are turned, or where on the screen they look, from edge to edge; and
 *   `onScreen`, how surely they look at the screen, 0.5 where that is not known.
 * - `eye`: `blink`, 0 open to 1 closed, and `ear`, the mean eye aspect ratio (Soukupová & Čech 2016).
 * - `hands`: `seen`, the share of two; `raised`, 0 at the lower edge of the frame to 1 at the upper; `atFace`, 1 where
 *   one touches the face; `fingers`, the share that is stretched.
 * - `body`: `tilt` of the shoulders in radians; `lean` and `height` of the nose beside and above their middle, and
 *   `width` of the shoulders: the first two in widths of the shoulders, the last in widths of the frame.
 */
export const sampleMeasures = {
  pose: [
    sideways('yaw', quarterTurn),
    measure('pitch', -quarterTurn, quarterTurn),
    sideways('roll', Math.PI),
    sideways('tx', 1_000),
    measure('ty', -1_000, 1_000),
    measure('tz', 0, 1_000),
  ],
  gaze: [sideways('h', 1), measure('v', -1, 1), measure('onScreen', 0, 1)],
  eye: [measure('blink', 0, 1), measure('ear', 0, 1)],
  hands: [measure('seen', 0, 1), measure('raised', 0, 1), measure('atFace', 0, 1), measure('fingers', 0, 1)],
  body: [sideways('tilt', quarterTurn), sideways('lean', 1), measure('height', 0, 2), measure('width', 0, 1)],
} as const satisfies Readonly<Record<string, readonly Measure[]>>;

export type MeasureGroup = keyof typeof sampleMeasures;

/** Angles of a pose that has no distances. */
export const poseAngles = 3;

/** Samples of one message. */
export const samplesPerMessage = 120;
