import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { fail, type Failure } from '#libs/kernel';
import { projectFolder } from '#libs/platform';
import { writeZip } from '#libs/storage';

/** The Python package that trains, as a source archive. */
@Injectable()
export class TrainingPackage {
  private packing: Promise<Buffer> | null = null;

  /** Packed once; not there where only the server was installed. */
  async zip(): Promise<Buffer | Failure> {
    const folder = join(projectFolder, 'training');
    if (!existsSync(join(folder, 'pyproject.toml'))) {
      return fail('NOT_FOUND', 'The training package was not installed with this server.');
    }
    this.packing ??= pack(folder).catch((error: unknown) => {
      this.packing = null;
      throw error;
    });
    return this.packing;
  }
}

async function pack(folder: string): Promise<Buffer> {
  const inside = await readdir(join(folder, 'attune_training'), { recursive: true });
  const sources = inside
    .filter((path) => /\.(py|json)$/.test(path) && !path.includes('__pycache__'))
    .map((path) => join('attune_training', path));
  const paths = ['pyproject.toml', 'README.md', ...sources.sort()];
  const place = await mkdtemp(join(tmpdir(), 'attune-training-package-'));
  try {
    const zip = join(place, 'package.zip');
    const files = paths.map((path) => ({
      path: `attune-training/${path.replaceAll('\\', '/')}`,
      read: () => readFile(join(folder, path)),
    }));
    await writeZip(zip, files);
    return await readFile(zip);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
