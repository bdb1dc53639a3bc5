import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TesseractSheetReader } from '#libs/imaging';
import { seededRng } from '#libs/kernel';
import { drawSheet } from '../../bench/support/sheets/draw-sheet.js';
import { makeWork } from '../../bench/support/sheets/made-work.js';
import { photograph } from '../../bench/support/sheets/photograph.js';
import { readPlantCell } from '../../bench/support/sheets/plant-cell.js';

const mebibyte = 1024 ** 2;

/** Resident bytes of this process, the threads' memory among them. */
const memory = async (): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]) * 1024;

describe.runIf(process.platform === 'linux')('reading sheet after sheet', () => {
  const reader = new TesseractSheetReader();
  afterAll(() => reader.close());

  it('holds no more memory after 60 of them than when it was warm', { timeout: 600_000 }, async () => {
    const { specification, template } = await readPlantCell(
      join(import.meta.dirname, '../../prisma/seed/cell-biology'),
    );
    const rng = seededRng('memory');
    const { sheet } = await drawSheet(template, specification, makeWork(specification, 0, rng), 'printed', rng);
    const { jpeg } = await photograph(sheet, { hardness: 0.3 }, rng);
    const request = { template, size: specification.image, script: 'latin' } as const;
    const read = async (times: number): Promise<number> => {
      for (let time = 0; time < times; time++) {
        const result = await reader.read(jpeg, request);
        expect(result.kind === 'read' && result.labels).toHaveLength(8);
      }
      return memory();
    };
    const warm = await read(15);
    const end = await read(45);
    expect((end - warm) / mebibyte).toBeLessThan(120);
  });
});
