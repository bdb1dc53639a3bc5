import { describe, expect, it } from 'vitest';
import { issuesOf } from '#libs/kernel';
import { aSample } from './testing/a-sample.js';
import { engagementSamplesSchema, sampleSchema } from './sample.js';

const nobody = { face: false, q: 0, bs: null, pose: null, gaze: null, eye: null };

function problems(sample: unknown): { path: string; message: string }[] {
  const { error } = sampleSchema.safeParse(sample);
  return error === undefined ? [] : issuesOf(error);
}

describe('a sample', () => {
  it.each([
    ['with everything', aSample()],
    ['without distances', aSample({ pose: [0.1, -0.2, 3] })],
    ['of nobody', aSample({ ...nobody, hands: null, body: null })],
    ['of hands alone', aSample({ ...nobody, body: null })],
  ])('is taken %s', (_, sample) => {
    expect(sampleSchema.parse(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
  });

  const bs = aSample().bs!;
  it.each([
    ['another version', { v: 2 }, 'v', 'expected 1'],
    ['a time in seconds', { t: 1_700_000_000 }, 't', 'Too small'],
    ['half a millisecond', { t: 1_700_000_000_000.5 }, 't', 'int'],
    ['an unknown source', { src: 'openface' }, 'src', 'mediapipe'],
    ['a quality above 1', { q: 1.01 }, 'q', 'Too big'],
    ['51 blendshapes', { bs: bs.slice(1) }, 'bs', 'must be 52 blendshapes, _neutral first'],
    ['53 blendshapes', { bs: [...bs, 0] }, 'bs', 'must be 52 blendshapes, _neutral first'],
    ['a blendshape that is no number', { bs: bs.with(7, NaN) }, 'bs.7', 'NaN'],
    ['a blendshape without end', { bs: bs.with(7, Infinity) }, 'bs.7', 'number'],
    ['a negative blendshape', { bs: bs.with(51, -0.01) }, 'bs.51', 'Too small'],
    ['a head turned by degrees', { pose: [17, 0, 0] }, 'pose.0', 'yaw must be at most 1.57'],
    ['a head turned all the way back', { pose: [0, -1.6, 0] }, 'pose.1', 'pitch must be at least -1.57'],
    ['a pose that is no number', { pose: [0, 0, NaN] }, 'pose.2', 'roll must be a finite number'],
    ['a head behind the camera', { pose: [0, 0, 0, 0, 0, -60] }, 'pose.5', 'tz must be at least 0'],
    ['a place by halves', { pose: [0, 0, 0, 10] }, 'pose', 'yaw, pitch and roll, or these with tx, ty and tz'],
    ['two angles', { pose: [0, 0] }, 'pose', '3'],
    ['seven numbers of a pose', { pose: [0, 0, 0, 0, 0, 60, 1] }, 'pose', '6'],
    ['pixels for a gaze', { gaze: [640, 0, 1] }, 'gaze.0', 'h must be at most 1'],
    ['an eye that is more than closed', { eye: [1.2, 0.3] }, 'eye.0', 'blink must be at most 1'],
    ['a third hand', { hands: [1.5, 0, 0, 0] }, 'hands.0', 'seen must be at most 1'],
    ['a body too few', { body: [0, 0, 0] }, 'body', '4'],
    ['a field left out', { gaze: undefined }, 'gaze', 'tuple'],
    ['a face that is not there', { face: false, q: 0 }, 'bs', 'must be null without a face'],
    ['quality of no face', { ...nobody, q: 0.5 }, 'q', 'must be 0 without a face'],
    ['who it is', { embedding: [1, 2, 3] }, '', 'embedding'],
  ])('is refused with %s', (_, change, path, message) => {
    expect(problems({ ...aSample(), ...change })).toContainEqual({ path, message: expect.stringContaining(message) });
  });
});

describe('a message of samples', () => {
  const message = {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    sessionId: '01890a5d-ac96-774b-bcce-b302099a8058',
    samples: [aSample()],
    at: 1_700_000_000_500,
  };

  it('holds one sample to 120', () => {
    const of = (samples: number): unknown => ({
      ...message,
      samples: Array.from({ length: samples }, () => aSample()),
    });
    expect(engagementSamplesSchema.safeParse(of(1)).success).toBe(true);
    expect(engagementSamplesSchema.safeParse(of(120)).success).toBe(true);
    expect(engagementSamplesSchema.safeParse(of(0)).success).toBe(false);
    expect(engagementSamplesSchema.safeParse(of(121)).success).toBe(false);
  });

  it('says which sample is wrong', () => {
    const { error } = engagementSamplesSchema.safeParse({ ...message, samples: [aSample(), aSample({ q: 2 })] });
    expect(issuesOf(error!)).toEqual([{ path: 'samples.1.q', message: expect.stringContaining('Too big') }]);
  });

  it('stays far below the limit of a message', () => {
    const full = { ...message, samples: Array.from({ length: 120 }, () => aSample()) };
    expect(JSON.stringify(full).length).toBeLessThan(128 * 1024);
  });
});
