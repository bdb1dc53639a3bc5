import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPublished } from './read-published.js';

const file = 'operations.json';

describe('readPublished', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-published-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const git = (...args: string[]): void => {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
  };

  it('gives what was committed last, and no draft', async ({ skip }) => {
    try {
      git('init');
    } catch {
      skip('There is no git here.');
    }
    await writeFile(join(folder, file), 'first draft');
    expect(await readPublished(folder, file), 'never committed').toBe('first draft');
    await writeFile(join(folder, file), 'published');
    git('add', file);
    git('commit', '-m', 'Publish');
    await writeFile(join(folder, file), 'second draft');
    expect(await readPublished(folder, file)).toBe('published');
  });

  it('gives the file as it stands where there is no git, and null where there is no file', async () => {
    expect(await readPublished(folder, file)).toBeNull();
    await writeFile(join(folder, file), 'unpacked from an archive');
    expect(await readPublished(folder, file)).toBe('unpacked from an archive');
  });
});
