import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.js';

const root = join(import.meta.dirname, '../..');

/** Runs scripts/start.mjs of a project folder as `npm start` does. */
function start(folder: string, { args = [], npm }: { args?: string[]; npm?: string } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, join(folder, 'scripts/start.mjs')], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...(npm !== undefined && { npm_execpath: npm }) },
  });
  return { status, screen: stdout + stderr };
}

describe('npm start, before there is an Attune to start', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-start-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The scripts of this project in a folder that has nothing installed. */
  async function bareProject(place = folder): Promise<string> {
    await cp(join(root, 'scripts'), join(place, 'scripts'), { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) await cp(join(root, file), join(place, file));
    return place;
  }

  /** A stand-in for npm that ends as npm does when something is in its way. */
  async function npmThatSays(text: string): Promise<string> {
    const npm = join(folder, 'npm.cjs');
    await writeFile(npm, `console.error(${JSON.stringify(text)}); process.exit(1);`);
    return npm;
  }

  it.each(['18.20.4', '20.18.0', '12.22.12'])('says which Node it needs when it runs on %s', async (version) => {
    const fake = join(folder, 'old-node.cjs');
    await writeFile(
      fake,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
    );
    expect(start(root, { args: ['--require', fake] })).toEqual({
      status: 2,
      screen:
        `Attune needs Node 20.19 or newer, and this is ${version}.\n` +
        'Get a current one from https://nodejs.org and run npm start again.\n',
    });
  });

  it('has a launcher that an old Node can read', async () => {
    const script = await readFile(join(root, 'scripts/start.mjs'), 'utf8');
    expect(script).not.toMatch(/\?\.|\?\?|\bawait\b|^import [^(]/m);
  });

  it.each([
    ['npm error code ENOSPC', 'The disk is full. Free some space and start again.'],
    ['npm error code EACCES', 'Attune may not write to its own folder.'],
    ['npm error code ENOTFOUND', 'The package registry cannot be reached.'],
  ])('says in a sentence why the packages cannot be installed: %s', async (said, sentence) => {
    const { status, screen } = start(await bareProject(), { npm: await npmThatSays(said) });
    expect(status).toBe(1);
    expect(screen).toContain(said);
    expect(screen).toContain(`${sentence}`);
    expect(screen).toContain('Packages failed (exit code 1); what it said is above.');
    expect(screen).not.toMatch(/^ +at /m);
  });

  it('says so when the disk is full while it notes what it has done', async ({ skip }) => {
    skip(noSmallDisk !== null, noSmallDisk ?? '');
    const disk = mountSmallDisk(8);
    try {
      const place = await bareProject(disk.path);
      // Installed, as far as the list that npm leaves says; the database client is "generated" by a stand-in.
      await writeFile(join(place, 'package-lock.json'), '{"packages":{"":{}}}');
      for (const path of ['node_modules/prisma/build', 'prisma', 'libs/persistence/src/generated'])
        await mkdir(join(place, path), { recursive: true });
      await writeFile(join(place, 'node_modules/.package-lock.json'), '{"packages":{}}');
      await writeFile(join(place, 'node_modules/prisma/package.json'), '{}');
      await writeFile(join(place, 'node_modules/prisma/build/index.js'), '');
      await writeFile(join(place, 'prisma/schema.prisma'), '');
      await writeFile(join(place, 'prisma.config.ts'), '');
      await disk.fill();
      const { status, screen } = start(place);
      expect(status).toBe(1);
      expect(screen).toContain('The disk is full. Free some space and start again.');
      expect(screen).not.toMatch(/^ +at /m);
    } finally {
      disk.unmount();
    }
  });

  it('does not fail without a word when something else is wrong', async () => {
    const place = await bareProject();
    await rm(join(place, 'scripts/progress.mjs'));
    const { status, screen } = start(place);
    expect(status).toBe(1);
    expect(screen).toContain('Attune could not start, for a reason that it did not expect:');
    expect(screen).toContain('progress.mjs');
  });
});
