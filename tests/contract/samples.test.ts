import { describe, expect, it } from 'vitest';
import {
  decodeSamples,
  encodeSamples,
  mirrorSample,
  sampleFromHuman,
  sampleFromMediaPipe,
  sampleSchema,
  stripIdentity,
  type HumanResult,
  type Sample,
} from '#libs/contracts';
import { channelOf, cutWindow, mirrorWindow, SampleRing, windowShape } from '#libs/engagement';
import { blendshapeNames } from '#libs/kernel';
import { hand, portrait, portraitFrame, standing } from '../support/media-pipe.js';

const t = 1_700_000_000_000;
const capture = { t, frame: portraitFrame };

function wellMade(sample: Sample): Sample {
  expect(sampleSchema.safeParse(sample).error).toBeUndefined();
  return sample;
}

describe('what MediaPipe really says of a portrait', () => {
  const face = portrait();
  const sample = wellMade(sampleFromMediaPipe({ face }, capture));

  it('has the blendshapes that Attune knows, in its order', () => {
    const { categories } = face.faceBlendshapes[0]!;
    expect(categories.map(({ categoryName }) => categoryName)).toEqual(blendshapeNames);
    expect(sample.bs).toEqual(categories.map(({ score }) => Math.round(score * 1_000) / 1_000));
  });

  it('is a head that looks nearly straight into the camera, 66 cm away', () => {
    const degrees = sample.pose!.slice(0, 3).map((angle) => (angle! * 180) / Math.PI);
    expect(degrees[0]).toBeCloseTo(-2.24, 1);
    expect(degrees[1]).toBeCloseTo(-6.34, 1);
    expect(degrees[2]).toBeCloseTo(0.99, 1);
    expect(sample.pose!.slice(3)).toEqual([
      expect.closeTo(0.37, 2),
      expect.closeTo(22.76, 2),
      expect.closeTo(65.77, 2),
    ]);
  });

  it('is turned to the side to which the nose is off the middle of the face', () => {
    const [landmarks] = face.faceLandmarks;
    const middle = (landmarks![234]!.x + landmarks![454]!.x) / 2;
    expect(Math.sign(sample.pose![0])).toBe(-Math.sign(landmarks![1]!.x - middle));
  });

  it('looks at the screen, with open eyes, and is seen well', () => {
    const [h, v, onScreen] = sample.gaze!;
    expect([h, v]).toEqual([expect.closeTo(-0.043, 2), expect.closeTo(-0.079, 2)]);
    expect(onScreen).toBe(1);
    expect(sample.eye).toEqual([expect.closeTo(0.28, 2), expect.closeTo(0.2, 1)]);
    expect(sample.q).toBeGreaterThan(0.95);
  });

  it('has no hands and no body where nobody looked for them', () => {
    expect(sample).toMatchObject({ v: 1, t, src: 'mediapipe', face: true, hands: null, body: null });
  });

  it('says the same of a mirrored frame, told so', () => {
    const mirrored = sampleFromMediaPipe({ face: inMirror(face) }, { ...capture, mirrored: true });
    expectClose(mirrored, sample);
    const untold = sampleFromMediaPipe({ face: inMirror(face) }, capture);
    expectClose(mirrorSample(untold), sample);
  });

  it('takes 76 bytes, and its numbers survive them', () => {
    const bytes = encodeSamples([sample]);
    expect(bytes.length).toBe(12 + 76);
    const outcome = decodeSamples(bytes);
    expect(outcome.kind).toBe('samples');
    if (outcome.kind === 'samples') expectClose(outcome.samples[0]!, sample, 0.05);
  });

  it('reads the matrix by rows as well', () => {
    const { data } = face.facialTransformationMatrixes[0]!;
    const rows = data.map((_, index) => data[(index % 4) * 4 + Math.floor(index / 4)]!);
    expect(sampleFromMediaPipe({ face: { ...face, facialTransformationMatrixes: [{ data: rows }] } }, capture)).toEqual(
      sample,
    );
  });

  it('does without blendshapes, without the matrix, and without landmarks', () => {
    const { faceLandmarks, faceBlendshapes, facialTransformationMatrixes } = face;
    const meshOnly = wellMade(sampleFromMediaPipe({ face: { faceLandmarks } }, capture));
    expect(meshOnly).toMatchObject({ face: true, bs: null, pose: null });
    expect(meshOnly.gaze![0]).toBeCloseTo(0, 0);
    expect(meshOnly.gaze![2]).toBe(0.5);
    const noMesh = wellMade(sampleFromMediaPipe({ face: { faceBlendshapes, facialTransformationMatrixes } }, capture));
    expect(noMesh).toMatchObject({ face: true, eye: null, bs: sample.bs, pose: sample.pose });
  });

  it('takes the largest of several faces', () => {
    const small = face.faceLandmarks[0]!.map((each) => ({ ...each, x: each.x / 4, y: each.y / 4 }));
    const bystander = { categories: face.faceBlendshapes[0]!.categories.map((each) => ({ ...each, score: 0 })) };
    const two = {
      faceLandmarks: [small, face.faceLandmarks[0]!],
      faceBlendshapes: [bystander, face.faceBlendshapes[0]!],
      facialTransformationMatrixes: [{ data: [1] }, face.facialTransformationMatrixes[0]!],
    };
    expect(sampleFromMediaPipe({ face: two }, capture)).toEqual(sample);
  });

  it('is nothing of who it is', () => {
    expect(JSON.stringify(sample).length).toBeLessThan(480);
    expect(stripIdentity(face)).toEqual({
      faceBlendshapes: face.faceBlendshapes,
      facialTransformationMatrixes: face.facialTransformationMatrixes,
    });
  });
});

describe('what MediaPipe really says of hands', () => {
  const nobody = { faceLandmarks: [], faceBlendshapes: [], facialTransformationMatrixes: [] };
  const of = (name: Parameters<typeof hand>[0], face: object = nobody): Sample =>
    wellMade(sampleFromMediaPipe({ face, hands: hand(name) }, capture));

  it.each([
    ['fist', 0],
    ['pointing_up', 0.2],
    ['thumb_up', 0.2],
    ['victory', 0.4],
  ] as const)('counts the stretched fingers of %s', (name, share) => {
    expect(of(name).hands![3]).toBeCloseTo(share);
    expect(of(name)).toMatchObject({ face: false, q: 0, bs: null });
    expect(of(name).hands![0]).toBe(0.5);
  });

  it('believes a gesture that is recognised for sure', () => {
    const gestures = (categoryName: string, score: number): Sample =>
      sampleFromMediaPipe({ face: nobody, hands: { ...hand('fist'), gestures: [[{ categoryName, score }]] } }, capture);
    expect(gestures('Open_Palm', 0.9).hands![3]).toBe(1);
    expect(gestures('Open_Palm', 0.2).hands![3]).toBe(0);
    expect(gestures('None', 0.9).hands![3]).toBe(0);
  });

  it('tells a hand at the face from one away from it', () => {
    const face = portrait();
    expect(of('fist', face).hands![2]).toBe(1);
    const lower = { landmarks: [hand('fist').landmarks[0]!.map((each) => ({ ...each, y: each.y + 0.4 }))] };
    expect(wellMade(sampleFromMediaPipe({ face, hands: lower }, capture)).hands![2]).toBeLessThan(0.1);
  });

  it('tells no hands from nobody having looked', () => {
    expect(sampleFromMediaPipe({ face: nobody, hands: { landmarks: [] } }, capture).hands).toEqual([0, 0, 0, 0]);
    expect(sampleFromMediaPipe({ face: nobody }, capture).hands).toBeNull();
  });
});

describe('what MediaPipe really says of a body', () => {
  it('is upright shoulders and a head above them', () => {
    const frame = { width: 1_000, height: 667 };
    const { body } = wellMade(sampleFromMediaPipe({ face: {}, pose: standing() }, { t, frame }));
    const [tilt, lean, height, width] = body!;
    expect(Math.abs(tilt)).toBeLessThan(0.2);
    expect(lean).toBeGreaterThan(0);
    expect(height).toBeGreaterThan(0.4);
    expect(width).toBeCloseTo(0.086, 2);
  });

  it('is nothing where a shoulder is hidden', () => {
    const [landmarks] = standing().landmarks;
    const hidden = landmarks!.map((each, index) => (index === 12 ? { ...each, visibility: 0.2 } : each));
    const results = { face: {}, pose: { landmarks: [hidden] } };
    expect(sampleFromMediaPipe(results, capture).body).toBeNull();
  });
});

describe('what Human says of the same face', () => {
  const face = portrait();
  const { width, height } = portraitFrame;
  const result: HumanResult = {
    face: [
      {
        score: 1,
        box: [300, 90, 200, 260],
        mesh: face.faceLandmarks[0]!.map(({ x, y, z }) => [x * width, y * height, z]),
        rotation: { angle: { yaw: -0.039, pitch: 0.11, roll: -0.017 }, gaze: { bearing: 0, strength: 0 } },
      },
    ],
    hand: [{ keypoints: hand('victory').landmarks[0]!.map(({ x, y }) => [x * width, y * height]) }],
    body: [],
    gesture: [{ face: 0, gesture: 'facing center' }],
  };

  it('is the same sample, as far as Human measures it', () => {
    const theirs = wellMade(sampleFromHuman(result, capture));
    const ours = sampleFromMediaPipe({ face, hands: hand('victory') }, capture);
    expect(theirs).toMatchObject({ src: 'human', face: true, bs: null, body: null, hands: ours.hands });
    ours.pose!.slice(0, 3).forEach((angle, index) => expect(theirs.pose![index]).toBeCloseTo(angle!, 2));
    expect(theirs.pose!.length).toBe(3);
    expect(theirs.eye![1]).toBe(ours.eye![1]);
    expect(theirs.q).toBeCloseTo(ours.q, 2);
    expect(theirs.gaze).toEqual([expect.closeTo(ours.gaze![0], 0), expect.closeTo(ours.gaze![1], 0), 1]);
  });
});

describe('samples of the wire', () => {
  const portraitAt = (at: number): Sample =>
    sampleFromMediaPipe({ face: portrait(), hands: hand('victory'), pose: standing() }, { ...capture, t: at });

  function windowOf(of: (at: number) => Sample): ReturnType<typeof cutWindow> {
    const ring = new SampleRing();
    for (let at = t - 12_000; at <= t; at += 250) expect(ring.add(of(at), t)).toBe('kept');
    return cutWindow(ring, t);
  }

  it('are what windows are made of', () => {
    const { features, quality, abstain } = windowOf(portraitAt);
    expect([features.length, abstain, quality.coverage]).toEqual([40 * 76, null, 1]);
    const last = (name: string): number => features[(windowShape.steps - 1) * windowShape.channels + channelOf(name)]!;
    expect(last('bs.browDownRight')).toBeCloseTo(0.815, 4);
    expect(last('pose.tz')).toBeCloseTo(0.6577, 4);
    expect(last('gaze.onScreen')).toBe(1);
    expect(last('hands.fingers')).toBeCloseTo(0.4);
    expect(last('body.height')).toBeGreaterThan(0.4);
  });

  it('are the same in a mirror, before the window is cut and after', () => {
    const mirrored = windowOf((at) => mirrorSample(portraitAt(at))).features;
    expect(mirrored).toEqual(mirrorWindow(windowOf(portraitAt).features));
  });

  it('are the same after a journey as bytes, but for the rounding', () => {
    const travelled = (at: number): Sample => {
      const outcome = decodeSamples(encodeSamples([portraitAt(at)]));
      return outcome.kind === 'samples' ? outcome.samples[0]! : expect.unreachable(outcome.reason);
    };
    const { features } = windowOf(travelled);
    const before = windowOf(portraitAt).features;
    expect(features.every((number, place) => Math.abs(number - before[place]!) <= 0.0041)).toBe(true);
  });
});

describe('irises, where there are no blendshapes', () => {
  const [landmarks] = portrait().faceLandmarks;
  const shifted = (x: number, y: number): Sample => {
    const faceLandmarks = [
      landmarks!.map((each, index) => (index < 468 ? each : { ...each, x: each.x + x, y: each.y + y })),
    ];
    return wellMade(sampleFromMediaPipe({ face: { faceLandmarks } }, capture));
  };
  const [h, v] = shifted(0, 0).gaze!;

  it('look to the learner’s right where they are at the left of the frame, and up', () => {
    expect(Math.abs(h)).toBeLessThan(0.1);
    expect(shifted(-0.005, 0).gaze![0]).toBeGreaterThan(h + 0.3);
    expect(shifted(0.005, 0).gaze![0]).toBeLessThan(h - 0.3);
    expect(shifted(0, -0.003).gaze![1]).toBeGreaterThan(v + 0.2);
  });
});

/** The same results of the frame flipped from left to right, as the models would give them. */
function inMirror(face: ReturnType<typeof portrait>): ReturnType<typeof portrait> {
  const { categories } = face.faceBlendshapes[0]!;
  const scores = new Map(categories.map(({ categoryName, score }) => [categoryName, score]));
  const other = (name: string): string => name.replace(/(Left|Right)$/, (side) => (side === 'Left' ? 'Right' : 'Left'));
  const mesh = face.faceLandmarks[0]!.map((each) => ({ ...each, x: 1 - each.x }));
  // Eyes change places in the numbering of the mesh: what looks like a right eye is called one.
  for (const [right, left] of [
    [33, 263],
    [133, 362],
    [160, 387],
    [144, 373],
    [158, 385],
    [153, 380],
    [468, 473],
  ] as const)
    [mesh[right], mesh[left]] = [mesh[left]!, mesh[right]!];
  const signs = [1, -1, -1, 1, -1, 1, 1, 1, -1, 1, 1, 1, -1, 1, 1, 1];
  return {
    faceLandmarks: [mesh],
    faceBlendshapes: [
      { categories: categories.map((each) => ({ ...each, score: scores.get(other(each.categoryName))! })) },
    ],
    facialTransformationMatrixes: face.facialTransformationMatrixes.map((matrix) => ({
      ...matrix,
      data: matrix.data.map((number, index) => number * signs[index]!),
    })),
  };
}

function expectClose(sample: Sample, to: Sample, within = 1e-9): void {
  const near = (numbers: readonly (number | undefined)[] | null): unknown =>
    numbers && numbers.map((number) => expect.closeTo(number!, Math.floor(-Math.log10(within))));
  expect(sample).toEqual({
    ...to,
    q: expect.closeTo(to.q, 2),
    bs: near(to.bs),
    pose: near(to.pose),
    gaze: near(to.gaze),
    eye: near(to.eye),
  });
}
