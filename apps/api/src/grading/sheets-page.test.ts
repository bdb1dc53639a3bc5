import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import type { SheetsToPrint } from '#libs/grading';
import { sheetsPage } from './sheets-page.js';

const code = 'ATTUNE:0123456789ABCDEF0123';
const toPrint: SheetsToPrint = {
  title: 'Label the cell',
  language: 'de',
  courseId: 'x',
  picture: null,
  sheets: [
    { name: 'Anna <b>Müller</b>', code },
    { name: '陈静', code: 'ATTUNE:FFFFFFFFFFFFFFFFFFFF' },
  ],
};

describe('sheets for a class', () => {
  it('are one for each learner, and say nothing that would be run', () => {
    const page = sheetsPage(toPrint, null);
    expect(page.match(/<section>/g)).toHaveLength(2);
    expect(page).toContain('Anna &lt;b&gt;Müller&lt;/b&gt;');
    expect(page).toContain('陈静');
    expect(page).not.toMatch(/<b>|<script|<img/);
    expect(sheetsPage({ ...toPrint, language: '"><script>' }, null)).not.toContain('<script');
  });

  it('show the picture that is written on, which they hold once', () => {
    const page = sheetsPage(toPrint, { mediaType: 'image/png', bytes: Uint8Array.of(1, 2, 3) });
    expect(page.match(/data:image\/png;base64,AQID/g)).toHaveLength(1);
  });

  it('have codes that can be read', () => {
    const [svg] = /<svg.*?<\/svg>/s.exec(sheetsPage(toPrint, null))!;
    const [, side] = /viewBox="0 0 (\d+) /.exec(svg)!;
    // The code is drawn as squares of ten by ten.
    const size = Number(side);
    const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
    for (const [, left, top] of svg.matchAll(/M(\d+),(\d+)h10v10h-10z/g)) {
      for (let at = 0; at < 100; at++) {
        const place = (Number(top) + Math.floor(at / 10)) * size + Number(left) + (at % 10);
        pixels.fill(0, 4 * place, 4 * place + 3);
      }
    }
    const read = jsQR as unknown as typeof jsQR.default;
    expect(read(pixels, size, size)?.data).toBe(code);
  });
});
