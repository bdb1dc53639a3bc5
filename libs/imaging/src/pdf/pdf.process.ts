// The inside of the process that draws one PDF. It loads PDFium and an encoder, and nothing else of Attune.
import { readFile } from 'node:fs/promises';
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium';
import sharp from 'sharp';
import { answerParent } from '#libs/sandbox';
import type { PdfAnswer, PdfRequest } from './pdf-messages.js';

/** Pixels of the longer side of what is drawn, whatever size a page says that it has. */
const side = 2_048;
/** Pixels for a point (1/72 inch) at most, so that small pages are not blown up: 300 dpi. */
const finest = 300 / 72;

let pdf: PDFiumDocument | null = null;

async function answer(request: PdfRequest): Promise<PdfAnswer> {
  if ('open' in request) return open(request.open);
  return { picture: await draw(request.draw) };
}

async function open(path: string): Promise<PdfAnswer> {
  const library = await PDFiumLibrary.init();
  try {
    pdf = await library.loadDocument(await readFile(path));
    return { pages: pdf.getPageCount() };
  } catch (error) {
    // The library tells what PDFium found in words only.
    return { trouble: /password|security/i.test((error as Error).message) ? 'encrypted' : 'damaged' };
  }
}

/** @throws where the page cannot be drawn, which ends the process */
async function draw(index: number): Promise<Uint8Array> {
  const page = pdf!.getPage(index);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const scale = Math.min(side / Math.max(originalWidth, originalHeight), finest);
  const pixels = (points: number): number => Math.max(1, Math.min(side, Math.round(points * scale)));
  const { data, width, height } = await page.render({
    width: pixels(originalWidth),
    height: pixels(originalHeight),
    scale: 1,
    render: 'bitmap',
  });
  return sharp(data, { raw: { width, height, channels: 4 } })
    .flatten({ background: 'white' })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

answerParent((request) => answer(request as PdfRequest));
