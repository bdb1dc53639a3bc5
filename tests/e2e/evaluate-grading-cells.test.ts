import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { attune } from '../support/attune-command.js';

const [width, height] = [200, 160];
const kinds = { Cell: { radius: 20, ink: '#d79696' }, Plate: { radius: 9, ink: '#8c64be' } } as const;

let folder: string;

/** Pictures of discs of two kinds on a light ground, and a file of their boxes as BCCD has it. */
async function drawSmears(name: string, count: number): Promise<string> {
  const pictures = [];
  for (let at = 0; at < count; at++) {
    const rng = seededRng(`${name}/${at}`);
    const objects = [];
    const circles: string[] = [];
    for (let place = 0; place < 6; place++) {
      const label = rng() < 0.5 || place === 0 ? ('Cell' as const) : ('Plate' as const);
      const { radius, ink } = kinds[label];
      const [x, y] = [33 + 66 * (place % 3) + rng() * 10 - 5, 40 + 80 * Math.floor(place / 3) + rng() * 20 - 10];
      circles.push(`<circle cx="${x}" cy="${y}" r="${radius}" fill="${ink}"/>`);
      objects.push({ label, bbox: [x - radius, y - radius, 2 * radius, 2 * radius] });
    }
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#e6e2e0"/>${circles.join('')}</svg>`;
    const image = `images/${name}-${at}.png`;
    await writeFile(join(folder, image), await sharp(Buffer.from(svg)).png().toBuffer());
    pictures.push({ image, width, height, objects });
  }
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(pictures));
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-cells-'));
  await mkdir(join(folder, 'images'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('attune evaluate grading --set bccd', () => {
  it('tells, finds and counts cells, and shows where it went wrong', async () => {
    const [train, test] = [await drawSmears('train', 12), await drawSmears('test', 4)];
    const report = join(folder, 'report');
    const options = ['--train', train, '--test', test, '--labels-per-class', '5', '--report', report, '--json'];
    const { code, stdout, stderr } = await attune(['evaluate', 'grading', '--set', 'bccd', ...options]);
    expect(code, stderr).toBe(0);
    const figures = JSON.parse(stdout);
    expect(figures).toMatchObject({ labelsPerClass: 5, activeQueue: { randomLabels: 60 } });
    expect(figures.accuracy).toBeGreaterThan(0.9);
    expect(figures.surest80).toBeGreaterThanOrEqual(figures.accuracy);
    expect(figures.offTopic.auroc).toBeGreaterThan(0.9);
    expect(figures.map50).toBeGreaterThan(0.9);
    expect(figures.counts.cell.medianRelativeError).toBeLessThan(0.3);
    expect(figures.counts.plate.within1).toBeGreaterThan(0.7);
    expect(figures.secondsPerItem).toBeGreaterThan(0);
    expect(await readFile(join(report, 'index.html'), 'utf8')).toContain('test-0.png');
  }, 120_000);

  it('says what is missing', async () => {
    const test = await drawSmears('lone', 2);
    const none = await attune(['evaluate', 'grading', '--set', 'bccd', '--test', test]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--train') });
    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, '{}');
    const odd = await attune(['evaluate', 'grading', '--set', 'bccd', '--train', wrong, '--test', test]);
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('does not hold pictures with boxes') });
  });
});
