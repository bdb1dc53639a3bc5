import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFromHuman, type HumanFace, type HumanResult } from './from-human.js';
import { sampleSchema } from './sample.js';

const capture = { t: 1_700_000_000_000, frame: { width: 640, height: 480 } };
const angle = { yaw: 0.2, pitch: 0.1, roll: 0.4 };

function faceWith(change: Partial<HumanFace>): HumanFace {
  return { score: 0.8, box: [100, 100, 200, 250], rotation: { angle, gaze: { bearing: 0, strength: 0 } }, ...change };
}

describe('a result of Human', () => {
  it('is turned to the learner’s right, looks down and leans to her left', () => {
    const { pose, q } = sampleFromHuman({ face: [faceWith({})] }, capture);
    expect(pose).toEqual([0.2, -0.1, -0.4]);
    expect(q).toBeCloseTo(0.8 * Math.cos(0.2) * Math.cos(0.1), 2);
  });

  it('is the other way round in a mirror', () => {
    expect(sampleFromHuman({ face: [faceWith({})] }, { ...capture, mirrored: true }).pose).toEqual([-0.2, -0.1, 0.4]);
  });

  const [sin, cos] = [Math.sin(0.3), Math.cos(0.3)];
  it.each([
    ['turned to her left', [cos, 0, sin, 0, 1, 0, -sin, 0, cos], [-0.3, 0, 0]],
    ['looking up', [1, 0, 0, 0, cos, -sin, 0, sin, cos], [0, 0.3, 0]],
    ['leaning to her right shoulder', [cos, -sin, 0, sin, cos, 0, 0, 0, 1], [0, 0, 0.3]],
  ])('is what the matrix says, whatever the angles are: %s', (_, matrix, pose) => {
    const rotation = { angle: { yaw: 9, pitch: 9, roll: 9 }, matrix };
    expect(sampleFromHuman({ face: [faceWith({ rotation })] }, capture).pose).toEqual(
      pose.map((each) => expect.closeTo(each)),
    );
  });

  it('has no pose without a mesh', () => {
    const still = { angle: { yaw: 0, pitch: 0, roll: 0 }, gaze: { bearing: 0, strength: 0 } };
    expect(sampleFromHuman({ face: [faceWith({ rotation: still })] }, capture)).toMatchObject({
      face: true,
      pose: null,
      gaze: null,
      eye: null,
    });
    expect(sampleFromHuman({ face: [faceWith({ rotation: null })] }, capture).pose).toBeNull();
  });

  it.each([
    ['down', 0, 0, -0.3],
    ['to the right of the frame, her left', Math.PI / 2, -0.3, 0],
    ['to the left of the frame, her right', -Math.PI / 2, 0.3, 0],
  ])('looks %s by its own gaze', (_, bearing, h, v) => {
    const face = faceWith({ rotation: { angle, gaze: { bearing, strength: 0.3 } } });
    expect(sampleFromHuman({ face: [face] }, capture).gaze!.slice(0, 2)).toEqual([
      expect.closeTo(h),
      expect.closeTo(v),
    ]);
  });

  it('has a body where nose and shoulders are seen', () => {
    const keypoints = [
      { part: 'nose', position: [310, 100] as const, score: 0.9 },
      { part: 'leftShoulder', position: [420, 200] as const, score: 0.9 },
      { part: 'rightShoulder', position: [220, 200] as const, score: 0.9 },
    ];
    const of = (result: Partial<HumanResult>): unknown => sampleFromHuman({ face: [], ...result }, capture).body;
    expect(of({ body: [{ keypoints }] })).toEqual([0, 0.05, 0.5, 0.313]);
    expect(of({ body: [{ keypoints: keypoints.slice(1) }] })).toBeNull();
    expect(of({ body: [] })).toBeNull();
  });

  it('is of nobody where there is no face', () => {
    expect(sampleFromHuman({ face: [] }, capture)).toEqual({
      v: 1,
      t: capture.t,
      src: 'human',
      face: false,
      q: 0,
      bs: null,
      pose: null,
      gaze: null,
      eye: null,
      hands: null,
      body: null,
    });
  });

  it('lets nothing of a person pass', () => {
    const personal = { age: 17, gender: 'female', race: [{ score: 1, race: 'x' }], embedding: [1, 2, 3], tensor: {} };
    const face = { ...faceWith({}), ...personal };
    expect(sampleFromHuman({ face: [face] }, capture)).toEqual(sampleFromHuman({ face: [faceWith({})] }, capture));
  });

  it('is a sample whatever the numbers are', () => {
    const number = fc.oneof(fc.double(), fc.double({ min: -4, max: 4 }));
    const point = fc.tuple(number, number, number);
    const mesh = fc
      .array(point, { minLength: 1, maxLength: 5 })
      .map((some) => Array.from({ length: 478 }, (_, index) => some[index % some.length]!));
    const face = fc.record(
      {
        score: number,
        box: fc.array(number, { minLength: 4, maxLength: 4 }),
        mesh,
        rotation: fc.record({
          angle: fc.record({ yaw: number, pitch: number, roll: number }),
          matrix: fc.oneof(fc.constant([]), fc.array(number, { minLength: 9, maxLength: 9 })),
          gaze: fc.record({ bearing: number, strength: number }),
        }),
      },
      { requiredKeys: [] },
    );
    const hand = fc.record({ keypoints: fc.array(point, { minLength: 21, maxLength: 21 }) });
    fc.assert(
      fc.property(fc.array(face, { maxLength: 3 }), fc.array(hand, { maxLength: 2 }), (faces, hands) => {
        const sample = sampleFromHuman({ face: faces, hand: hands }, capture);
        expect(sampleSchema.safeParse(sample).error).toBeUndefined();
      }),
    );
  });
});
