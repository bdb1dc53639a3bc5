import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTextProtobuf, type TextMessage, type TextValue } from './text-protobuf.js';

const folder = join(import.meta.dirname, '../fixtures/mediapipe');

interface Landmark {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly visibility: number;
}

interface Category {
  readonly index: number;
  readonly score: number;
  readonly categoryName: string;
  readonly displayName: string;
}

/** Size of the picture that the portrait's results are of. */
export const portraitFrame = { width: 820, height: 1024 };

/** What the face landmarker says of a portrait, as `@mediapipe/tasks-vision` gives it. */
export function portrait(): {
  readonly faceLandmarks: readonly (readonly Landmark[])[];
  readonly faceBlendshapes: readonly { readonly categories: readonly Category[] }[];
  readonly facialTransformationMatrixes: readonly {
    readonly rows: number;
    readonly columns: number;
    readonly data: readonly number[];
  }[];
} {
  const blendshapes = messages(read('portrait_expected_blendshapes')['classification']);
  const [matrix] = messages(read('portrait_expected_face_geometry')['pose_transform_matrix']);
  return {
    faceLandmarks: [landmarksOf(read('portrait_expected_face_landmarks'))],
    faceBlendshapes: [
      {
        categories: blendshapes.map((each) => ({
          index: number(each, 'index'),
          score: number(each, 'score'),
          categoryName: String(each['label']![0]),
          displayName: '',
        })),
      },
    ],
    facialTransformationMatrixes: [{ rows: 4, columns: 4, data: matrix!['packed_data'] as readonly number[] }],
  };
}

/** What the hand landmarker says of a hand. */
export function hand(name: 'fist' | 'pointing_up' | 'thumb_up' | 'victory'): {
  readonly landmarks: readonly (readonly Landmark[])[];
} {
  return { landmarks: [landmarksOf(messages(read(`${name}_landmarks`)['landmarks'])[0]!)] };
}

/** What the pose landmarker says of somebody who does yoga, standing with both arms out. */
export function standing(): { readonly landmarks: readonly (readonly Landmark[])[] } {
  return { landmarks: [landmarksOf(messages(read('pose_landmarks')['landmarks'])[0]!)] };
}

function read(name: string): TextMessage {
  return parseTextProtobuf(readFileSync(join(folder, `${name}.pbtxt`), 'utf8'));
}

function messages(values: readonly TextValue[] | undefined): readonly TextMessage[] {
  return (values ?? []).map((value) => value as TextMessage);
}

/** A field that is 0 is not written. */
function number(message: TextMessage, field: string): number {
  return (message[field]?.[0] ?? 0) as number;
}

function landmarksOf(list: TextMessage): Landmark[] {
  return messages(list['landmark']).map((landmark) => ({
    x: number(landmark, 'x'),
    y: number(landmark, 'y'),
    z: number(landmark, 'z'),
    visibility: number(landmark, 'visibility'),
  }));
}
