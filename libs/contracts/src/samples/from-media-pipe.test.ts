import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blendshapeNames } from '#libs/kernel';
import { sampleFromMediaPipe, type MediaPipeResults } from './from-media-pipe.js';
import { mirrorSample } from './mirror-sample.js';
import { sampleSchema, type Sample } from './sample.js';

const capture = { t: 1_700_000_000_000.4, frame: { width: 640, height: 480 } };

/** MediaPipe's matrix of a head: columns one after another, x to the frame's right, y up, z to the camera. */
function matrixOf([yaw, pitch, roll, tx, ty, tz]: readonly number[]): number[] {
  const [a, b, c] = [-yaw!, -pitch!, roll!];
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  const x = [ca * cc + sa * sb * sc, cb * sc, -sa * cc + ca * sb * sc];
  const y = [-ca * sc + sa * sb * cc, cb * cc, sa * sc + ca * sb * cc];
  const z = [sa * cb, -sb, ca * cb];
  return [...x, 0, ...y, 0, ...z, 0, -tx!, ty!, -tz!, 1];
}

function headWith(data: ArrayLike<number>): Sample {
  return sampleFromMediaPipe({ face: { facialTransformationMatrixes: [{ data }] } }, capture);
}

function looking(scores: Partial<Record<(typeof blendshapeNames)[number], number>>): Sample {
  const categories = blendshapeNames.map((categoryName) => ({ categoryName, score: scores[categoryName] ?? 0 }));
  return sampleFromMediaPipe({ face: { faceBlendshapes: [{ categories: categories.reverse() }] } }, capture);
}

describe('the pose of a head', () => {
  it('is what the matrix was made of', () => {
    const angle = (most: number): fc.Arbitrary<number> => fc.double({ min: -most, max: most, noNaN: true });
    const pose = fc.tuple(
      angle(1.5),
      angle(1.5),
      angle(3.1),
      angle(100),
      angle(100),
      fc.double({ min: 1, max: 300, noNaN: true }),
    );
    fc.assert(
      fc.property(pose, (numbers) => {
        const { pose: read } = headWith(matrixOf(numbers));
        numbers.forEach((number, index) => expect(read![index]).toBeCloseTo(number, 2));
      }),
    );
  });

  it('is none where the head is turned away', () => {
    expect(headWith(matrixOf([2, 0, 0, 0, 0, 60]))).toMatchObject({ face: true, pose: null });
  });

  it('has no place where that is impossible', () => {
    expect(headWith(matrixOf([0.1, 0, 0, 0, 0, -60])).pose).toHaveLength(3);
    expect(headWith(matrixOf([0.1, 0, 0, 5_000, 0, 60])).pose).toHaveLength(3);
  });

  it.each([
    ['nothing', []],
    ['a 3 × 3 matrix', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['no rigid motion', [1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1]],
  ])('is none for %s', (_, data) => {
    expect(headWith(data)).toMatchObject({ face: false, pose: null });
  });
});

describe('where the eyes look', () => {
  it.each([
    ['to her right', { eyeLookInLeft: 0.8, eyeLookOutRight: 0.6 }, 0.7, 0],
    ['to her left', { eyeLookOutLeft: 0.8, eyeLookInRight: 0.6 }, -0.7, 0],
    ['up', { eyeLookUpLeft: 0.5, eyeLookUpRight: 0.5 }, 0, 0.5],
    ['down', { eyeLookDownLeft: 0.5, eyeLookDownRight: 0.5 }, 0, -0.5],
  ])('is told by blendshapes: %s', (_, scores, h, v) => {
    expect(looking(scores).gaze).toEqual([expect.closeTo(h), expect.closeTo(v), 0.5]);
  });

  it('is not on the screen where the head is turned from it', () => {
    const of = (yaw: number): number => {
      const categories = blendshapeNames.map((categoryName) => ({ categoryName, score: 0 }));
      const face = {
        faceBlendshapes: [{ categories }],
        facialTransformationMatrixes: [{ data: matrixOf([yaw, 0, 0, 0, 0, 60]) }],
      };
      return sampleFromMediaPipe({ face }, capture).gaze![2];
    };
    expect([of(0), of(0.3), of(0.525), of(0.8)]).toEqual([1, 1, expect.closeTo(0.5), 0]);
  });
});

describe('blendshapes', () => {
  it('are taken by name, and not at all where one is missing', () => {
    expect(looking({ _neutral: 0.5, noseSneerRight: 0.25 }).bs).toEqual([0.5, ...new Array(50).fill(0), 0.25]);
    const categories = blendshapeNames.slice(1).map((categoryName) => ({ categoryName, score: 0 }));
    expect(sampleFromMediaPipe({ face: { faceBlendshapes: [{ categories }] } }, capture)).toMatchObject({
      face: false,
      bs: null,
    });
  });
});

it('is a sample whatever the numbers are', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: -2, max: 2 }), fc.constantFrom(0, 1, 0.5, NaN, Infinity));
  const landmark = fc.record({ x: number, y: number, visibility: number });
  const landmarks = (length: number): fc.Arbitrary<{ x: number; y: number; visibility: number }[]> =>
    fc.array(landmark, { minLength: length, maxLength: length });
  const mesh = fc
    .array(landmark, { minLength: 1, maxLength: 7 })
    .map((some) => Array.from({ length: 478 }, (_, index) => some[index % some.length]!));
  const categories = fc
    .infiniteStream(number)
    .map((scores) => blendshapeNames.map((categoryName) => ({ categoryName, score: scores.next().value! })));
  const matrix = fc.array(number, { minLength: 12, maxLength: 12 }).map((n) => ({
    data: [...n.slice(0, 3), 0, ...n.slice(3, 6), 0, ...n.slice(6, 9), 0, ...n.slice(9), 1],
  }));
  const results = fc.record(
    {
      face: fc.record(
        {
          faceLandmarks: fc.array(mesh, { maxLength: 2 }),
          faceBlendshapes: fc.array(fc.record({ categories }), { maxLength: 2 }),
          facialTransformationMatrixes: fc.array(matrix, { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
      hands: fc.record({ landmarks: fc.array(landmarks(21), { maxLength: 3 }) }),
      pose: fc.record({ landmarks: fc.array(landmarks(33), { maxLength: 1 }) }),
    },
    { requiredKeys: ['face'] },
  );
  fc.assert(
    fc.property(results, fc.boolean(), (found, mirrored) => {
      const sample = sampleFromMediaPipe(found as MediaPipeResults, { ...capture, mirrored });
      expect(sampleSchema.safeParse(sample).error).toBeUndefined();
      expect(mirrorSample(mirrorSample(sample))).toEqual(sample);
    }),
  );
});
