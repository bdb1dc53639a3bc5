import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFailure, type Failure } from '#libs/kernel';
import type { OpenPdf } from '#libs/grading';
import { encryptedPdf, pdfOf, repeatingPdf } from '../../../../tests/support/scanned-pdf.js';
import { ProcessPdfRenderer, type PdfLimits } from './process-pdf.renderer.js';

const isLinux = process.platform === 'linux';
const mebibyte = 1024 ** 2;

describe('PDFs of strangers', { timeout: 60_000 }, () => {
  let folder: string;
  let files = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-pdf-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = async (pdf: Buffer, limits?: PdfLimits, most = 300): Promise<OpenPdf | Failure> => {
    const path = join(folder, `${++files}.pdf`);
    await writeFile(path, pdf);
    return new ProcessPdfRenderer(limits).open(path, most);
  };
  const opened = async (...of: Parameters<typeof open>): Promise<OpenPdf> => {
    const pdf = await open(...of);
    if (isFailure(pdf)) throw new Error(pdf.message);
    return pdf;
  };
  const drawn = async (pdf: OpenPdf, index: number): Promise<Buffer> => {
    const page = await pdf.draw(index);
    if (isFailure(page)) throw new Error(page.message);
    return Buffer.from(page);
  };

  it('are drawn page by page, upright and within bounds', async () => {
    const red = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#c02020' } })
      .jpeg()
      .toBuffer();
    const pdf = await opened(
      await pdfOf([{ text: 'Anna' }, { picture: red, size: [300, 200] }, { text: 'Ben', turned: 90 }, {}]),
    );
    expect(pdf.pages).toBe(4);
    expect(await sharp(await drawn(pdf, 0)).metadata()).toMatchObject({ format: 'jpeg', width: 1_447, height: 2_048 });
    // 300 dpi and no more, however small the page is.
    const small = await drawn(pdf, 1);
    expect(await sharp(small).metadata()).toMatchObject({ width: 1_250, height: 833 });
    const { channels } = await sharp(small).stats();
    expect(channels.map(({ mean }) => Math.round(mean / 10))).toEqual([19, 3, 3]);
    expect(await sharp(await drawn(pdf, 2)).metadata()).toMatchObject({ width: 2_048, height: 1_447 });
    expect((await sharp(await drawn(pdf, 3)).stats()).channels[0]!.mean).toBe(255);
    await pdf.close();
  });

  it.each([
    ['encrypted', encryptedPdf(), 'INVALID_INPUT', /encrypted/],
    ['no PDF', Buffer.from('%PDF-1.7\nnothing of the kind'), 'INVALID_INPUT', /damaged/],
    ['of too many pages', repeatingPdf(10_000), 'TOO_LARGE', /10000/],
    ['without pages', repeatingPdf(0), 'INVALID_INPUT', /no pages|damaged/],
  ])('are refused where they are %s', async (_, pdf, code, message) => {
    const refused = (await open(pdf)) as Failure;
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('are refused, or drawn as far as they go, where they are cut off', async () => {
    const whole = await pdfOf([{ text: 'Anna' }, { text: 'Ben' }]);
    const cut = await open(whole.subarray(0, Math.floor(whole.length / 2)));
    expect(isFailure(cut) ? cut.code : cut.pages).toSatisfy((told) => told === 'INVALID_INPUT' || told === 1);
    if (!isFailure(cut)) await cut.close();
  });

  it('are no larger than any, whatever size their pages say they have', async () => {
    const pdf = await opened(repeatingPdf(1, '/MediaBox [0 0 2000000 1000000]'));
    expect(await sharp(await drawn(pdf, 0)).metadata()).toMatchObject({ width: 2_048, height: 1_024 });
    await pdf.close();
  });

  it('are drawn on after a page that takes too long', async () => {
    const endless = '/MediaBox [0 0 595 842] /Resources << /XObject << /X 4 0 R >> >>';
    const strokes = Array.from({ length: 60_000 }, (_, i) => `0 0 m ${i % 595} 842 l 595 ${i % 842} l s`).join('\n');
    const limits = { opening: { time: 30_000, memory: 1024 * mebibyte }, page: { time: 60, memory: 1024 * mebibyte } };
    const pdf = await opened(repeatingPdf(2, endless, strokes), limits);
    for (const index of [0, 1]) {
      expect(await pdf.draw(index)).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('drawn') });
    }
    await pdf.close();
  });

  it('are refused where they take more memory than they may', async ({ skip }) => {
    skip(!isLinux, 'memory is watched on Linux only');
    const limits = { opening: { time: 30_000, memory: 60 * mebibyte }, page: { time: 15_000, memory: 60 * mebibyte } };
    expect(await open(await pdfOf([{ text: 'Anna' }]), limits)).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('memory'),
    });
  });
});
