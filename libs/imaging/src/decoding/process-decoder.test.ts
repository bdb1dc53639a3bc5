import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isFailure, type Failure } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import { boastfulJpeg, densePng, endlessJpeg, hollowPng, wordyPng } from '../../../../tests/support/bombs.js';
import { ProcessDecoder, type DecoderOptions } from './process-decoder.js';

const mebibyte = 1024 ** 2;
const isLinux = process.platform === 'linux';

describe('pictures of strangers', { timeout: 60_000 }, () => {
  const decoders: ProcessDecoder[] = [];
  const begin = (options: Partial<DecoderOptions> = {}): ProcessDecoder => {
    const decoder = new ProcessDecoder({ processes: 1, ...options });
    decoders.push(decoder);
    return decoder;
  };
  const painted = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#204080' } });
  const codeOf = (outcome: CleanPicture | Failure): string => (isFailure(outcome) ? outcome.code : 'clean');
  let jpeg: Buffer;
  let png: Buffer;

  beforeAll(async () => {
    jpeg = await painted(640, 480).jpeg().toBuffer();
    png = await painted(640, 480).png().toBuffer();
  });
  afterEach(() => decoders.splice(0).forEach((each) => each.close()));

  it('are decoded and encoded anew', async () => {
    const turned = await painted(3_000, 1_000).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const clean = await begin().decode('picture', turned);
    expect(clean).toMatchObject({ mediaType: 'image/jpeg', width: 683, height: 2_048 });
    expect(await sharp((clean as CleanPicture).bytes).metadata()).toMatchObject({ width: 683, height: 2_048 });
  });

  it('keep nothing of what was hidden behind them', async () => {
    const page = Buffer.from('<html><script>alert(1)</script>');
    const decoder = begin();
    for (const picture of [jpeg, png]) {
      const clean = (await decoder.decode('picture', Buffer.concat([picture, page]))) as CleanPicture;
      expect(Buffer.from(clean.bytes).includes('script')).toBe(false);
    }
  });

  it('are told by what they are, and not by what they could be', async () => {
    const decoder = begin();
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    const others = [svg, `\ufeff${svg}`, `<?xml version="1.0"?>${svg}`, '%PDF-1.4', 'GIF89a', '', '\0'.repeat(64)];
    for (const other of others) {
      expect(codeOf(await decoder.decode('picture', Buffer.from(other)))).toBe('UNSUPPORTED_IMAGE');
    }
    const gif = await painted(9, 9).gif().toBuffer();
    expect(codeOf(await decoder.decode('picture', gif))).toBe('UNSUPPORTED_IMAGE');
  });

  it('are refused where they unfold beyond all bounds, and the next one is none the worse', async () => {
    const decoder = begin();
    expect(codeOf(await decoder.decode('picture', hollowPng(60_000, 60_000)))).toBe('TOO_LARGE');
    expect(codeOf(await decoder.decode('picture', boastfulJpeg(jpeg, 65_500, 65_500)))).toBe('TOO_LARGE');
    expect(codeOf(await decoder.decode('picture', hollowPng(7_700, 7_700)))).toBe('UNSUPPORTED_IMAGE');
    expect(codeOf(await decoder.decode('picture', png.subarray(0, png.length / 2)))).toBe('UNSUPPORTED_IMAGE');
    expect(codeOf(await decoder.decode('picture', await endlessJpeg(2_000, 1_000)))).toBe('UNSUPPORTED_IMAGE');
    const clean = (await decoder.decode('picture', wordyPng(png, 100 * mebibyte))) as CleanPicture;
    expect(clean.bytes.length).toBeLessThan(10_000);
    expect(codeOf(await decoder.decode('picture', jpeg))).toBe('clean');
  });

  it('have their first frame only kept', async () => {
    const colours = ['#100000', '#500000', '#900000', '#d00000'];
    const stills = colours.map((background) =>
      sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer(),
    );
    const moving = await sharp(await Promise.all(stills), { join: { animated: true } })
      .webp({ loop: 0 })
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(colours.length);
    const clean = (await begin().decode('picture', moving)) as CleanPicture;
    expect(clean).toMatchObject({ mediaType: 'image/webp', width: 64, height: 64 });
    expect((await sharp(clean.bytes).metadata()).pages).toBeUndefined();
  });

  it('are refused where they take too long, and the next one is none the worse', async () => {
    const decoder = begin();
    const limits = { time: 100, memory: 1024 * mebibyte };
    await decoder.decode('picture', jpeg);
    const dense = await densePng(7_000);
    const outcome = await decoder.decode('picture', dense, limits);
    expect(isFailure(outcome) && outcome.message).toBe(
      'It takes too long to decode. Save it anew, or make it smaller.',
    );
    expect(codeOf(await decoder.decode('picture', jpeg))).toBe('clean');
  });

  it('are refused where they take too much memory, and the next one is none the worse', async ({ skip }) => {
    skip(!isLinux, 'memory is watched on Linux only');
    const decoder = begin();
    // In steps, so that all of it is held at once.
    const inSteps = await painted(7_700, 7_700).ensureAlpha().png({ progressive: true }).toBuffer();
    const outcome = await decoder.decode('picture', inSteps, { time: 30_000, memory: 256 * mebibyte });
    expect(isFailure(outcome) && outcome.message).toBe(
      'It takes too much memory to decode. Save it anew, or make it smaller.',
    );
    expect(codeOf(await decoder.decode('picture', jpeg))).toBe('clean');
  });

  it('go on in another process when one has done enough', async () => {
    const decoder = begin({ uses: 2 });
    for (let i = 0; i < 5; i++) expect(codeOf(await decoder.decode('picture', jpeg))).toBe('clean');
  });

  it('wait their turn, and are sent away where too many wait', async () => {
    const decoder = begin({ mayWait: 2 });
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => decoder.decode('picture', jpeg)));
    expect(outcomes.map(codeOf)).toEqual(['clean', 'clean', 'clean', 'BUSY', 'BUSY']);
  });

  it('are refused as busy where the decoder is closed', async () => {
    const decoder = begin();
    await decoder.decode('picture', jpeg);
    const dense = await densePng(7_000);
    const outcome = decoder.decode('picture', dense);
    setTimeout(() => decoder.close(), 100);
    expect(codeOf(await outcome)).toBe('BUSY');
  });
});
