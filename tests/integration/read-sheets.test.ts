import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenLabel, SheetRead } from '#libs/grading';
import { TesseractSheetReader } from '#libs/imaging';
import { seededRng } from '#libs/kernel';
import { drawSheet } from '../../bench/support/sheets/draw-sheet.js';
import { makeWork, type MadeWork } from '../../bench/support/sheets/made-work.js';
import { photograph } from '../../bench/support/sheets/photograph.js';
import { readPlantCell, type PlantCell } from '../../bench/support/sheets/plant-cell.js';

const course = join(import.meta.dirname, '../../prisma/seed/cell-biology');
const reader = new TesseractSheetReader({ timeMs: 60_000 });
let cell: PlantCell;

const textOf = ({ characters }: SeenLabel): string => characters.map(([best]) => best!.text).join('');
const read = (photo: Uint8Array) =>
  reader.read(photo, { template: cell.template, size: cell.specification.image, script: 'latin' });
const mustRead = async (photo: Uint8Array): Promise<SheetRead> => {
  const sheet = await read(photo);
  if (sheet.kind === 'unread') throw new Error(`${sheet.reason}: ${sheet.detail}`);
  return sheet;
};

/** A sheet as it is seen from straight above, in even light, and where places of its picture are. */
async function photoOf(work: MadeWork, hardness = 0) {
  const rng = seededRng('a sheet');
  const { sheet, toSheet } = await drawSheet(cell.template, cell.specification, work, 'printed', rng);
  const { jpeg, toPhoto } = await photograph(sheet, { hardness }, rng);
  return { jpeg, onPhoto: (place: readonly [number, number]) => toPhoto(toSheet(place)) };
}

// Starting the thread takes OpenCV and Tesseract some seconds where they are compiled for a test.
beforeAll(async () => {
  cell = await readPlantCell(course);
}, 60_000);
afterAll(() => reader.close());

describe('reading a photographed sheet', { timeout: 120_000 }, () => {
  it('finds the labels, what they say and where their lines end, whichever way it lies', async () => {
    const work = makeWork(cell.specification, 0, seededRng('labels'));
    const { jpeg, onPhoto } = await photoOf(work);
    for (const turn of [0, 90]) {
      const { labels, toPhoto } = await mustRead(turn === 0 ? jpeg : await sharp(jpeg).rotate(turn).jpeg().toBuffer());
      expect(labels.map(textOf).sort()).toEqual(work.labels.map(({ text }) => text).sort());
      for (const label of labels) {
        const { target } = work.labels.find(({ text }) => text === textOf(label))!;
        const [end] = label.ends;
        // One that is written on its part needs no line.
        const { x, y } = end?.kind === 'point' ? end : { x: target[0], y: target[1] };
        expect(Math.hypot(x - target[0], y - target[1])).toBeLessThan(6);
      }
      if (turn > 0) continue;
      for (const place of [
        [0, 0],
        [800, 0],
        [800, 600],
        [400, 300],
      ] as const) {
        const [[x, y], [u, v]] = [toPhoto(place), onPhoto(place)];
        expect(Math.hypot(x - u, y - v)).toBeLessThan(4);
      }
    }
  });

  it('sees nothing on an empty sheet, not its picture on another one, and no sheet where there is none', async () => {
    const empty = await mustRead((await photoOf({ labels: [], slips: [] }, 1)).jpeg);
    expect(empty.labels).toEqual([]);
    const other = await readFile(join(course, 'media/bacterium.png'));
    expect(await read(other)).toMatchObject({
      kind: 'unread',
      reason: 'template-missing',
      quality: { blur: expect.any(Number) },
    });
    const flat = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#dddddd' } })
      .jpeg()
      .toBuffer();
    expect(await read(flat)).toMatchObject({ kind: 'unread', reason: 'template-missing', quality: { contrast: 0 } });
    expect(await read(new Uint8Array(40))).toMatchObject({ kind: 'unread', reason: 'unreadable' });
  });

  it('turns away what would have to wait too long, and answers after a sheet that took too long', async () => {
    const hurried = new TesseractSheetReader({ timeMs: 1, mayWait: 0 });
    try {
      const request = { template: cell.template, size: cell.specification.image, script: 'latin' } as const;
      const both = await Promise.all([hurried.read(cell.template, request), hurried.read(cell.template, request)]);
      expect(both).toMatchObject([{ reason: 'too-slow' }, { reason: 'busy' }]);
      expect(await hurried.read(cell.template, request)).toMatchObject({ reason: 'too-slow' });
    } finally {
      await hurried.close();
    }
  });
});
