import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Preprocessing } from '#libs/models';
import { SharpPictureReader } from './sharp-picture.reader.js';

interface GoldenCase {
  readonly picture: string;
  readonly resize: Preprocessing['resize'];
  readonly width: number;
  readonly height: number;
  readonly padding: [number, number, number];
  /** Base64 of height × width × 3 bytes, by Pillow. */
  readonly expected: string;
}

const at = (name: string): URL => new URL(`golden/${name}`, import.meta.url);
const { cases } = JSON.parse(await readFile(at('golden.json'), 'utf8')) as { cases: GoldenCase[] };
const reader = new SharpPictureReader();
const squash: Preprocessing = {
  width: 16,
  height: 8,
  resize: 'squash',
  resample: 'bilinear',
  padding: [0, 0, 0],
  colour: 'rgb',
};

/** Levels from 0 to 255 by which a number may differ from Pillow's; what is not named is the same. */
const tolerance: Readonly<Record<string, number>> = { 'clear.png': 1 };

describe('a picture as the input of a model', () => {
  it.each(cases)('is what Pillow makes of it: $picture, $resize', async ({ picture, expected, ...how }) => {
    const tensor = await reader.read(await readFile(at(picture)), { ...squash, ...how });
    if ('code' in tensor) throw new Error(tensor.message);
    expect(tensor.shape).toEqual([how.height, how.width, 3]);
    const pillow = Buffer.from(expected, 'base64');
    expect(tensor.data).toHaveLength(pillow.length);
    const off = [...tensor.data].map((level, place) => Math.abs(level - pillow[place]!));
    expect(Math.max(...off)).toBeLessThanOrEqual(tolerance[picture] ?? 0);
  });

  it('is refused where its colours are meant for print', async () => {
    const refusal = await reader.read(await readFile(at('print.jpg')), squash);
    expect(refusal).toMatchObject({ kind: 'failure', code: 'UNSUPPORTED_IMAGE' });
  });

  it('is refused where it is no picture, cut off, of a kind that is not read, or too large', async () => {
    const whole = await readFile(at('wide.jpg'));
    const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const animated = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .gif()
      .toBuffer();
    for (const bytes of [Buffer.alloc(0), Buffer.from('text'), whole.subarray(0, 4_000), drawing, animated]) {
      expect(await reader.read(bytes, squash)).toMatchObject({ kind: 'failure', code: 'UNSUPPORTED_IMAGE' });
    }
    const vast = await sharp({ create: { width: 10_000, height: 7_000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(await reader.read(vast, squash)).toMatchObject({ kind: 'failure', code: 'TOO_LARGE' });
  });

  it('has to wait its turn, and is turned away from a crowd', async () => {
    const small = new SharpPictureReader({ atOnce: 1, mayWait: 1 });
    const picture = await readFile(at('tiny.jpg'));
    const all = await Promise.all([1, 2, 3].map(() => small.read(picture, squash)));
    expect(all.map((read) => ('code' in read ? read.code : 'read'))).toEqual(['read', 'read', 'BUSY']);
  });
});
