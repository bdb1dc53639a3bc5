import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripIdentity } from './strip-identity.js';

const points = Array.from({ length: 21 }, (_, index) => [index, index, 0]);

/** What libraries call it, with something of its kind. */
const telling: Record<string, unknown> = {
  embedding: [0.1, 0.2],
  embeddings: [[0.1]],
  faceEmbedding: [0.1],
  face_embedding: [0.1],
  descriptor: [0.1],
  faceDescriptors: [0.1],
  age: 17,
  ageScore: 0.4,
  gender: 'female',
  genderScore: 0.9,
  race: [{ score: 0.9, race: 'x' }],
  ethnicity: 'x',
  emotion: [{ score: 0.9, emotion: 'sad' }],
  tensor: { dataId: {} },
  inputTensors: [],
  canvas: {},
  imageData: {},
  image: 'x',
  eyePatches: {},
  patch: { width: 1 },
  pixels: [1, 2],
  segmentationMasks: [],
  mesh: points,
  meshRaw: points,
  landmarks: [],
  faceLandmarks: [],
  worldLandmarks: [],
  keypoints: [],
  annotations: { leftEyeIris: points },
  contours: [],
  FACELANDMARKS: [],
};

class Picture {
  readonly secret = 1;
}

/** What gives somebody away under whatever name. */
const givenAway: unknown[] = [
  new Float32Array(512),
  new ArrayBuffer(8),
  new Picture(),
  new Map([['a', 1]]),
  Array.from({ length: 128 }, (_, index) => index / 128),
  points,
  points.map(([x, y]) => ({ x, y })),
  `data:image/png;base64,${'A'.repeat(100)}`,
  (): number => 1,
  Symbol('x'),
  10n,
];

describe('a raw result without who it is', () => {
  it('keeps what samples are made of', () => {
    const result = {
      face: [{ score: 0.9, box: [1, 2, 3, 4], rotation: { angle: { yaw: 0.1 }, matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1] } }],
      faceBlendshapes: [{ categories: [{ index: 0, score: 0.1, categoryName: '_neutral', displayName: '' }] }],
      facialTransformationMatrixes: [{ rows: 4, columns: 4, data: new Array<number>(16).fill(0) }],
      gesture: [{ hand: 0, gesture: 'thumbs up' }],
      point: { x: 1, y: 2 },
      found: true,
      nothing: null,
    };
    expect(stripIdentity(result)).toEqual(result);
  });

  it.each(Object.entries(telling))('lacks %s', (name, value) => {
    expect(stripIdentity({ kept: 1, [name]: value })).toEqual({ kept: 1 });
  });

  it.each(givenAway.map((value) => [Object.prototype.toString.call(value), value]))(
    'lacks %s by nature',
    (_, value) => {
      expect(stripIdentity({ kept: 1, harmless: value })).toEqual({ kept: 1 });
      expect(stripIdentity([1, value])).toEqual([1]);
      expect(stripIdentity(value)).toBeNull();
    },
  );

  it('lacks them at any depth', () => {
    const path = fc.array(fc.oneof(fc.constantFrom('face', 'result', 'persons', 'a'), fc.nat({ max: 2 })), {
      maxLength: 30,
    });
    const bad = fc.oneof(
      fc.constantFrom(...Object.keys(telling)).map((name) => ({ [name]: 'secret' })),
      fc.constantFrom(...givenAway.slice(0, 8)).map((value) => ({ harmless: ['secret', value] })),
    );
    fc.assert(
      fc.property(path, bad, (steps, value) => {
        const wrapped = steps.reduce<unknown>(
          (inner, step) => (typeof step === 'number' ? [...new Array<number>(step).fill(0), inner] : { [step]: inner }),
          value,
        );
        const kept = JSON.stringify(stripIdentity(wrapped));
        for (const name of Object.keys(value)) if (name !== 'harmless') expect(kept).not.toContain('secret');
        expect(kept).not.toMatch(/base64|\b511\b|0\.9921875/);
      }),
    );
  });

  it('copies, and does it once', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        const kept = stripIdentity(value);
        expect(stripIdentity(kept)).toEqual(kept);
      }),
    );
  });

  it('ends where a result refers back to itself, or goes on without end', () => {
    const circle: Record<string, unknown> = { kept: 1 };
    circle['self'] = circle;
    const list: unknown[] = [1];
    list.push(list);
    expect(stripIdentity(circle)).toEqual({ kept: 1 });
    expect(stripIdentity(list)).toEqual([1]);
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(JSON.stringify(stripIdentity(deep)).length).toBeLessThan(40);
  });

  it('makes no prototype of what says it is one', () => {
    const kept = stripIdentity(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(kept['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
