import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFromWebGazer } from './from-web-gazer.js';
import { sampleSchema } from './sample.js';

const capture = { t: 1_700_000_000_000, viewport: { width: 1_200, height: 800 } };

describe('a prediction of WebGazer', () => {
  it.each([
    ['the middle', 600, 400, [0, 0, 1]],
    ['the upper left corner', 0, 0, [-1, 1, 1]],
    ['the lower right corner', 1_200, 800, [1, -1, 1]],
    ['beyond the right edge', 1_500, 400, [1, 0, 0]],
  ])('is a gaze at %s', (_, x, y, gaze) => {
    expect(sampleFromWebGazer({ x, y }, capture)).toMatchObject({
      src: 'webgazer',
      face: true,
      q: 0.5,
      gaze,
      bs: null,
    });
  });

  it('is nobody where there is none', () => {
    expect(sampleFromWebGazer(null, capture)).toMatchObject({ face: false, q: 0, gaze: null });
  });

  it('leaves the pictures of the eyes behind', () => {
    const prediction = { x: 600, y: 400, eyeFeatures: { left: { patch: new Uint8ClampedArray(240) } } };
    expect(sampleFromWebGazer(prediction, capture)).toEqual(sampleFromWebGazer({ x: 600, y: 400 }, capture));
  });

  it('is a sample whatever the numbers are', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.nat({ max: 3 }), (x, y, width) => {
        const sample = sampleFromWebGazer({ x, y }, { t: capture.t, viewport: { width, height: 2 } });
        expect(sampleSchema.safeParse(sample).error).toBeUndefined();
      }),
    );
  });
});
