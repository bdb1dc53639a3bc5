import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import type { CountTask, PhotoTask, PixelForest } from '#libs/grading';
import { Painting } from '../../../../tests/support/painting.js';
import { OpenCvPhotoMeasurer } from './open-cv-photo.measurer.js';

const count: CountTask = { kind: 'count', region: null, polarity: 'auto', diameter: null, classifier: null };
const request = { frame: null, tasks: [count] };

describe('a measurement that goes wrong', { timeout: 60_000 }, () => {
  let measurer: OpenCvPhotoMeasurer;
  afterEach(() => measurer.close());

  it('is ended when it takes too long, and the next photo is measured', async () => {
    measurer = new OpenCvPhotoMeasurer({ timeMs: 4_000 });
    // Noise in which everything is a thing, counted again and again.
    const hostile = await new Painting(1_024, 1_024, [128, 128, 128]).noise(80, 1).png();
    const tasks: PhotoTask[] = Array.from({ length: 60 }, () => count);
    expect(await measurer.measure(hostile, { frame: null, tasks })).toMatchObject({ reason: 'too-slow' });
    const small = await new Painting(100, 80, [230, 230, 230]).png();
    expect(await measurer.measure(small, request)).toMatchObject({ kind: 'measured', findings: [{ count: 0 }] });
  });

  it('fails by itself where its request cannot be worked with, or its picture cannot be decoded', async () => {
    measurer = new OpenCvPhotoMeasurer();
    const small = await new Painting(100, 80, [230, 230, 230]).png();
    // A forest that asks for a feature that there is not.
    const gate = { feature: 99, threshold: 0, isBelow: true };
    const classifier: PixelForest = { features: 'gaussian-36', trees: [], gate, leastArea: 1 };
    const failed = await measurer.measure(small, { frame: null, tasks: [{ ...count, classifier }] });
    expect(failed).toMatchObject({ kind: 'not-measured', reason: 'crashed' });
    expect(await measurer.measure(new Uint8Array(40), request)).toMatchObject({ reason: 'unreadable' });
    expect(await measurer.measure(small, request)).toMatchObject({ kind: 'measured' });
  });

  it('for lack of memory takes nothing with it', async () => {
    // Enough to measure with, and not for all places of a large photo that can be learnt from.
    measurer = new OpenCvPhotoMeasurer({ heapBytes: 48 * 1024 ** 2 });
    const create = { width: 1_500, height: 1_500, channels: 3, background: 'silver' } as const;
    const large = await sharp({ create }).png().toBuffer();
    const small = await new Painting(100, 80, [230, 230, 230]).png();
    const forest = await measurer.learnPixels(
      [{ picture: large, labels: new Int32Array(1_500 ** 2).fill(1, 0, 9_000) }],
      1,
    );
    expect(forest).toMatchObject({ kind: 'not-measured', reason: 'crashed' });
    expect(await measurer.measure(small, request)).toMatchObject({ kind: 'measured' });
  });

  it('turns away what would have to wait too long', async () => {
    measurer = new OpenCvPhotoMeasurer({ mayWait: 1 });
    const small = await new Painting(100, 80, [230, 230, 230]).png();
    const all = await Promise.all([1, 2, 3].map(() => measurer.measure(small, request)));
    expect(all.map((each) => (each.kind === 'measured' ? each.kind : each.reason))).toEqual([
      'measured',
      'measured',
      'busy',
    ]);
  });
});
