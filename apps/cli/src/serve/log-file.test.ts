import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastLines, LogFollower } from './log-file.js';
import { parseWarning, type Warning } from './log-line.js';

describe('parseWarning', () => {
  it.each([
    ['{"level":30,"msg":"all is well"}', null],
    ['{"level":40,"msg":"smells"}', { level: 'warn', message: 'smells' }],
    ['{"level":50,"msg":"broke","err":{"message":"no space"}}', { level: 'error', message: 'broke: no space' }],
    ['{"level":60,"err":{"message":"no space"}}', { level: 'error', message: 'no space' }],
    ['Error: a stack', null],
    ['{"level":40,', null],
  ])('reads %s', (line, expected) => {
    expect(parseWarning(line)).toEqual(expected);
  });
});

describe('a log file', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-log-'));
    file = join(folder, 'api.log');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is followed from its present end, over lines written in pieces', async () => {
    await writeFile(file, '{"level":50,"msg":"of yesterday"}\n');
    const warnings: Warning[] = [];
    const follower = new LogFollower(file, (warning) => warnings.push(warning));
    await follower.start();
    await appendFile(file, '{"level":30,"msg":"x"}\n{"level":40,"msg":"süß');
    await sleep(700);
    expect(warnings).toEqual([]);
    await appendFile(file, ' und sauer"}\n');
    while (warnings.length === 0) await sleep(20);
    expect(warnings).toEqual([{ level: 'warn', message: 'süß und sauer' }]);
    follower.stop();
  });

  it('counts a flood instead of showing it', async () => {
    const warnings: Warning[] = [];
    const follower = new LogFollower(file, (warning) => warnings.push(warning));
    await follower.start();
    await appendFile(file, '{"level":40,"msg":"again"}\n'.repeat(100));
    while (warnings.length === 0) await sleep(20);
    expect(warnings.map(({ message }) => message)).toEqual([...Array(5).fill('again'), `and 95 more, in ${file}`]);
    follower.stop();
  });

  it('gives its last lines', async () => {
    await writeFile(file, Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(''));
    expect(await lastLines(file, 2)).toEqual(['line 9998', 'line 9999']);
    expect(await lastLines(join(folder, 'none.log'), 2)).toEqual([]);
  });
});
