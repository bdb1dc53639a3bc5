import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { isFailure, type Failure } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import { ProcessDecoder } from '../decoding/process-decoder.js';

/**
 * Drawn for this test and encoded by x265 through pillow-heif 1.8: 480 × 360, a red box in the upper left, a green disc, on a light
 * ground. `turned` is to be turned by 90° clockwise and names an artist; `wide-gamut` has the same drawing in Display P3.
 */
const [turned, wideGamut] = (await Promise.all(
  ['turned', 'wide-gamut'].map((name) => readFile(new URL(`../golden/${name}.heic`, import.meta.url))),
)) as [Buffer, Buffer];

describe('an HEIC picture', () => {
  const decoder = new ProcessDecoder({ processes: 1 });
  afterAll(() => decoder.close());
  const clean = async (bytes: Uint8Array): Promise<CleanPicture> => {
    const outcome = await decoder.decode('picture', bytes);
    if (isFailure(outcome)) throw new Error(outcome.message);
    return outcome;
  };
  const refusal = async (bytes: Uint8Array): Promise<Failure> => {
    const outcome = await decoder.decode('picture', bytes);
    return isFailure(outcome) ? outcome : expect.fail('It was decoded.');
  };
  const colourAt = async ({ bytes }: CleanPicture, left: number, top: number): Promise<number[]> => {
    const { data } = await sharp(bytes)
      .extract({ left, top, width: 4, height: 4 })
      .resize(1, 1)
      .raw()
      .toBuffer({ resolveWithObject: true });
    return [...data];
  };
  const isNear = (given: number[], expected: number[], tolerance: number): void => {
    for (const [at, level] of expected.entries()) expect(Math.abs(given[at]! - level)).toBeLessThanOrEqual(tolerance);
  };

  it('becomes a JPEG, upright, without metadata', async () => {
    const picture = await clean(turned);
    expect(picture).toMatchObject({ mediaType: 'image/jpeg', width: 360, height: 480 });
    isNear(await colourAt(picture, 340, 20), [0xc0, 0x30, 0x28], 8);
    isNear(await colourAt(picture, 20, 20), [0xe8, 0xe4, 0xd8], 8);
    expect(Buffer.from(picture.bytes).includes('Somebody')).toBe(false);
    expect((await sharp(picture.bytes).metadata()).exif).toBeUndefined();
  });

  it('has the colours that it had in its own profile', async () => {
    const picture = await clean(wideGamut);
    expect(picture).toMatchObject({ width: 480, height: 360 });
    isNear(await colourAt(picture, 40, 40), [0xc0, 0x30, 0x28], 8);
    isNear(await colourAt(picture, 330, 240), [0x20, 0x80, 0x40], 8);
    expect((await sharp(picture.bytes).metadata()).icc).toBeUndefined();
  });

  it('is refused where it is damaged, cut off or hollow, and the next one is none the worse', async () => {
    const head = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(64)]);
    for (const bytes of [head, turned.subarray(0, 400), turned.subarray(0, turned.length - 300)]) {
      expect(await refusal(bytes)).toMatchObject({ code: 'UNSUPPORTED_IMAGE' });
    }
    expect((await clean(turned)).width).toBe(360);
  });

  it('is refused where it says that it is larger than any may be', async () => {
    const boastful = Buffer.from(turned);
    const size = boastful.indexOf('ispe') + 8;
    expect([boastful.readUInt32BE(size), boastful.readUInt32BE(size + 4)]).toEqual([480, 360]);
    boastful.writeUInt32BE(20_000, size);
    boastful.writeUInt32BE(20_000, size + 4);
    expect(await refusal(boastful)).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('is never more than a refusal, whatever is done to it', { timeout: 60_000 }, async () => {
    // A generator of numbers that is the same each time (Park and Miller).
    let state = 7;
    const next = (below: number): number => (state = (state * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(turned);
      for (let flips = 0; flips < 6; flips++) bytes[next(bytes.length)] = next(256);
      const outcome = await decoder.decode('picture', bytes);
      if (isFailure(outcome)) expect(['UNSUPPORTED_IMAGE', 'TOO_LARGE']).toContain(outcome.code);
      else expect(outcome.mediaType).toMatch(/^image\//);
    }
    expect((await clean(turned)).width).toBe(360);
  });
});
