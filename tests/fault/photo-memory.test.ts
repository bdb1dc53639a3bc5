import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { CountTask } from '#libs/grading';
import { OpenCvPhotoMeasurer } from '#libs/imaging';
import { disc, Painting } from '../support/painting.js';

const mebibyte = 1024 ** 2;

/** Resident bytes of this process, the threads' memory among them. */
const memory = async (): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]) * 1024;

describe.runIf(process.platform === 'linux')('measuring photo after photo', () => {
  const measurer = new OpenCvPhotoMeasurer();
  afterAll(() => measurer.close());

  it('holds no more memory after 200 of them than after the first', { timeout: 300_000 }, async () => {
    const painting = new Painting(240, 180, [230, 230, 225]);
    for (let at = 0; at < 12; at++)
      painting.add(disc(30 + 55 * (at % 4), 30 + 55 * Math.floor(at / 4), 10), [60, 40, 90]);
    const picture = await painting.noise(2, 1).png();
    const count: CountTask = { kind: 'count', region: null, polarity: 'auto', diameter: null, classifier: null };
    const request = { frame: null, tasks: [count] };
    const counts = new Set<unknown>();
    const measured = async (times: number): Promise<number> => {
      for (let time = 0; time < times; time++) {
        const result = await measurer.measure(picture, request);
        counts.add(result.kind === 'measured' && result.findings[0]?.kind === 'counted' && result.findings[0].count);
      }
      return memory();
    };
    const warm = await measured(30);
    const end = await measured(170);
    expect(counts).toEqual(new Set([12]));
    expect((end - warm) / mebibyte).toBeLessThan(100);
  });
});
