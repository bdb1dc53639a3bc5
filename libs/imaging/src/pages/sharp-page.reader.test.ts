import sharp from 'sharp';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { box, disc, line, Painting, type Shape } from '../../../../tests/support/painting.js';
import { SharpPageReader } from './sharp-page.reader.js';

const reader = new SharpPageReader();
const ink = [60, 60, 90] as const;

/** A page as a scanner sees it: not quite white, with shade and grain. */
async function aPage(...shapes: readonly Shape[]): Promise<Buffer> {
  const page = new Painting(724, 1_024, [246, 244, 238]);
  for (const shape of shapes) page.add(shape, ink);
  return Buffer.from(
    await page
      .shade((x, y) => 1 - 0.18 * x - 0.1 * y)
      .noise(3, 7)
      .png(),
  );
}

/** The dark cells of a code, each of so many pixels. */
function codeOf(text: string, cell: number): Shape {
  const { data, size } = encode(text, { border: 0, ecc: 'M' });
  const [left, top] = [480, 60];
  const holds = (x: number, y: number): boolean =>
    data[Math.floor((y - top) / cell)]?.[Math.floor((x - left) / cell)] === true;
  return { left, top, right: left + size * cell, bottom: top + size * cell, holds };
}

describe('a look at a page', () => {
  it.each<[string, readonly Shape[], boolean]>([
    ['an empty one', [], true],
    ['one with a speck of dust', [disc(300, 500, 2)], true],
    ['one with the shadow of its edge', [box(0, 0, 14, 1_024)], true],
    ['one with a short word', [0, 1, 2, 3].map((at) => line(100 + 20 * at, 120, 106 + 20 * at, 140, 2.5)), false],
    ['one with a drawing', [disc(300, 500, 60)], false],
  ])('tells whether it is blank: %s', async (_, shapes, isBlank) => {
    expect(await reader.glance(await aPage(...shapes))).toMatchObject({ isBlank });
  });

  it('reads the code of a sheet, whichever way up it is, and no other code', async () => {
    const code = 'ATTUNE:0123456789ABCDEF0123';
    const page = await aPage(codeOf(code, 3));
    expect(await reader.glance(page)).toEqual({ isBlank: false, code });
    for (const turn of [90, 180, 270] as const) {
      expect((await reader.glance((await reader.turn(page, turn)).bytes)).code).toBe(code);
    }
    expect((await reader.glance(await aPage(codeOf('https://example.org', 3)))).code).toBeNull();
  });
});

describe('a page that is turned', () => {
  it('is turned clockwise, and left as it is by no turn', async () => {
    const page = await aPage(disc(60, 60, 40));
    const turned = await reader.turn(page, 90);
    expect(turned).toMatchObject({ mediaType: 'image/png', width: 1_024, height: 724 });
    const [corner] = await sharp(turned.bytes).extract({ left: 960, top: 60, width: 1, height: 1 }).raw().toBuffer();
    expect(corner).toBeLessThan(120);
    expect((await reader.turn(page, 0)).bytes).toBe(page);
  });
});
