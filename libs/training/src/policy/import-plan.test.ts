import { describe, expect, it } from 'vitest';
import { fail } from '#libs/kernel';
import type { DatasetImport } from '../model/dataset-import.js';
import { importLimits } from './dataset-limits.js';
import { counted, lookedAt, planImport, refusedFile } from './import-plan.js';

const packed = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1_000 }));

describe('the plan of an import', () => {
  it('has a step for each file, always in the same order', () => {
    const files = packed('b/2.png', 'a/1.png', 'notes.txt', '__MACOSX/a/._1.png', 'a/Thumbs.db', 'a/deep/3.png');
    const steps = planImport(files, 'image');
    expect(steps).toMatchObject([
      { path: 'a/deep/3.png', code: 'INVALID_INPUT', message: 'It does not lie in <label>/<file>.' },
      { path: 'notes.txt', code: 'INVALID_INPUT' },
      { path: 'a/1.png', label: 'a', group: null },
      { path: 'b/2.png', label: 'b', group: null },
    ]);
    expect(planImport(files.toReversed(), 'image')).toEqual(steps);
  });

  it('reads groups where the dataset is split by them', () => {
    expect(planImport(packed('a/ann/1.png', 'a/2.png'), 'student')).toMatchObject([
      { path: 'a/2.png', message: 'It does not lie in <label>/<student>/<file>.' },
      { path: 'a/ann/1.png', label: 'a', group: 'ann' },
    ]);
  });

  it('refuses files by what the directory says of them, before they are read', () => {
    const large = { path: 'a/large.png', bytes: importLimits.pictureBytes + 1 };
    expect(planImport([large, ...packed('a\u0007/1.png', 'a/2.png', '/3.png')], 'image')).toMatchObject([
      { path: '/3.png', code: 'INVALID_INPUT' },
      { path: 'a\ufffd/1.png', code: 'INVALID_INPUT' },
      { path: 'a/2.png', label: 'a' },
      { path: 'a/large.png', code: 'TOO_LARGE' },
    ]);
  });

  it.for([
    ['nothing', [], 'INVALID_INPUT', 'no files'],
    ['nothing but what systems leave', packed('a/.DS_Store', '__MACOSX/x'), 'INVALID_INPUT', 'no files'],
    ['a folder around the labels', packed('all/a/1.png', 'all/b/1.png'), 'INVALID_INPUT', 'without a folder around'],
    ['too many files', packed(...Array.from({ length: 20_001 }, (_, n) => `a/${n}.png`)), 'TOO_LARGE', '20000 files'],
    ['too many labels', packed(...Array.from({ length: 1_001 }, (_, n) => `${n}/a.png`)), 'TOO_LARGE', '1000 labels'],
    ['a bomb', [{ path: 'a/1.png', bytes: 2 ** 40 }], 'TOO_LARGE', 'unpacked'],
    [
      'a bomb of many parts',
      Array.from({ length: 400 }, (_, n) => ({ path: `a/${n}.png`, bytes: 12 * 1024 * 1024 })),
      'TOO_LARGE',
      'unpacked',
    ],
  ] as const)('refuses %s as a whole', ([, files, code, words]) => {
    const refused = planImport(files, 'image');
    expect(refused).toMatchObject({ kind: 'failure', code });
    expect(refused).toHaveProperty('message', expect.stringContaining(words));
  });
});

describe('the counts of an import', () => {
  const none = { added: 0, relabelled: 0, unchanged: 0, refused: 0, refusals: [] } as unknown as DatasetImport;

  it('say how many files were looked at', () => {
    let present = none;
    for (const outcome of ['added', 'added', 'relabelled', 'unchanged', fail('UNSUPPORTED_IMAGE')] as const) {
      present = { ...present, ...counted(present, 'a/1.png', outcome) };
    }
    expect(present).toMatchObject({ added: 2, relabelled: 1, unchanged: 1, refused: 1 });
    expect(present.refusals).toMatchObject([{ path: 'a/1.png', code: 'UNSUPPORTED_IMAGE' }]);
    expect(lookedAt(present)).toBe(5);
  });

  it('name the first that were refused, and count the rest', () => {
    let present = none;
    for (let n = 0; n < 150; n++) present = { ...present, ...counted(present, `a/${n}`, fail('TOO_LARGE')) };
    expect(present.refused).toBe(150);
    expect(present.refusals.map(({ path }) => path)).toEqual(Array.from({ length: 100 }, (_, n) => `a/${n}`));
  });

  it('tell paths that can be stored and shown', () => {
    expect(refusedFile('a\u0000/\ud800.png', fail('INVALID_INPUT')).path).toBe('a\ufffd/\ufffd.png');
    expect(refusedFile('x'.repeat(5_000), fail('INVALID_INPUT')).path).toHaveLength(importLimits.path);
  });
});
