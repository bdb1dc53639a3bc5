import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { isFailure } from '#libs/kernel';
import {
  ProcessDecoder,
  ProcessPdfRenderer,
  ProcessPictureCleaner,
  SharpPageReader,
  SharpPictureLooks,
} from '#libs/imaging';
import { round, summarise } from './support/measure.js';

const pages = Number(process.env['PAGES'] ?? 30);

/**
 * Splits the scans of a class, a PDF of A4 sheets in grey at 200 dpi, as a worker does but for database and disk: each page is
 * drawn, cleaned, and looked at. Beside it the bare decoding of as many of its pictures.
 */
const folder = await mkdtemp(join(tmpdir(), 'attune-bench-scans-'));
const decoder = new ProcessDecoder();
try {
  const sheet = await aSheet();
  const path = join(folder, 'class.pdf');
  const bytes = await pdfOf(sheet);
  await writeFile(path, bytes);
  const cleaner = new ProcessPictureCleaner(decoder);
  const [reader, looks, renderer] = [new SharpPageReader(), new SharpPictureLooks(), new ProcessPdfRenderer()];

  const began = performance.now();
  const pdf = await renderer.open(path, pages);
  if (isFailure(pdf)) throw new Error(pdf.message);
  const opened = performance.now() - began;
  const times: Record<'draw' | 'clean' | 'look', number[]> = { draw: [], clean: [], look: [] };
  for (let index = 0; index < pdf.pages; index++) {
    const drawn = await timed(times.draw, () => pdf.draw(index));
    if (isFailure(drawn)) throw new Error(drawn.message);
    const clean = await timed(times.clean, () => cleaner.clean(drawn));
    if (isFailure(clean)) throw new Error(clean.message);
    await timed(times.look, async () => [await reader.glance(clean.bytes), await looks.looksOf(clean.bytes)]);
  }
  const seconds = (performance.now() - began) / 1_000;
  await pdf.close();
  const bare: number[] = [];
  for (let index = 0; index < pages; index++) await timed(bare, () => sharp(sheet).raw().toBuffer());
  console.log(
    `${pages} pages, ${round(bytes.length / 1024 ** 2, 1)} MiB: ${round(seconds, 1)} s, opened in ${Math.round(opened)} ms`,
  );
  for (const [what, durations] of Object.entries(times)) {
    console.log(`${what}, ms a page: ${JSON.stringify(summarise(durations))}`);
  }
  console.log(`bare decoding, ms a page: ${JSON.stringify(summarise(bare))}`);
  console.log(`memory of this process: ${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB`);
} finally {
  decoder.close();
  await rm(folder, { recursive: true, force: true });
}

async function timed<T>(durations: number[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const value = await work();
  durations.push(performance.now() - started);
  return value;
}

/** A sheet with some lines of writing, and the grain of a scanner. */
async function aSheet(): Promise<Buffer> {
  const [width, height] = [1_654, 2_339];
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isInk = y % 90 < 4 + 3 * Math.sin(x / 17) && x > 150 && x < 1_500 && y > 300;
    pixels[at] = (isInk ? 70 : 240) + ((x * 7_919 + y * 104_729) % 11) - 5;
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function pdfOf(sheet: Buffer): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  for (let index = 0; index < pages; index++) {
    const image = await pdf.embedJpg(sheet);
    pdf.addPage([595, 842]).drawImage(image, { x: 0, y: 0, width: 595, height: 842 });
  }
  return pdf.save();
}
