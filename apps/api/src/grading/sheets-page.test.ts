import jsQR from 'jsqr';
import sharp from 'sharp';
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

  it('have codes that can be read', async () => {
    const [svg] = /<svg.*?<\/svg>/s.exec(sheetsPage(toPrint, null))!;
    const drawn = sharp(Buffer.from(svg)).resize(300).ensureAlpha().raw();
    const { data, info } = await drawn.toBuffer({ resolveWithObject: true });
    const read = jsQR as unknown as typeof jsQR.default;
    expect(read(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(code);
  });
});
