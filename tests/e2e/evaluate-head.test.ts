import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune } from '../support/attune-command.js';
import { drawShapes } from '../support/shapes.js';

interface Figures {
  readonly labels: string[];
  readonly pictures: number;
  readonly groups: number;
  readonly figures: { per: number; accuracy: number; claimed: number; surest: number; ece: number }[];
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-shapes-'));
  for (const [at, { picture, label, group }] of (await drawShapes(24)).entries()) {
    await mkdir(join(folder, label), { recursive: true });
    await writeFile(join(folder, label, `${group!.replace(' ', '-')}_${at}.jpg`), picture);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('attune evaluate head', () => {
  const evaluate = (...more: string[]) => attune(['evaluate', 'head', '--data', folder, '--json', ...more]);
  const options = ['--group', '^(source-\\d+)', '--per', '5', '--draws', '2'];

  it('scores heads on pictures of groups that were not drawn, the same figures for the same seed', async () => {
    const [first, second] = [await evaluate(...options), await evaluate(...options)];
    expect(first.code, first.stderr).toBe(0);
    const found = JSON.parse(first.stdout) as Figures;
    expect(found).toMatchObject({ labels: ['circle', 'square', 'triangle'], pictures: 72, groups: 24 });
    const [figures] = found.figures;
    expect(figures!.accuracy).toBeGreaterThan(0.9);
    expect(figures!.claimed).toBeGreaterThan(0.8);
    const steady = ({ figures: [each] }: Figures) => [each!.accuracy, each!.claimed, each!.surest, each!.ece];
    expect(steady(JSON.parse(second.stdout) as Figures)).toEqual(steady(found));
  });

  it('says what is wrong with what it is given', async () => {
    const few = await evaluate('--per', '30');
    expect(few).toMatchObject({ code: 2, stderr: expect.stringContaining('too few pictures') });
    const none = await attune(['evaluate', 'head', '--data', join(folder, 'nothing')]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no file or folder') });
  });
});
