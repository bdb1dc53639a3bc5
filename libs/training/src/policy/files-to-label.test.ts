import { expect, it } from 'vitest';
import { filesToLabel, wrongNames } from './files-to-label.js';

it('reads labels out of folders, in the order of their names', () => {
  expect(filesToLabel(['b/2.png', 'a/1.png', 'a/.hidden', '.git/x'], 'image')).toEqual({
    files: [
      { path: 'a/1.png', label: 'a', group: null },
      { path: 'b/2.png', label: 'b', group: null },
    ],
    strays: [],
  });
});

it('reads groups too where a dataset is split by them, and tells what lies elsewhere', () => {
  expect(filesToLabel(['a/s1/1.png', 'a/2.png', 'readme.txt'], 'student')).toEqual({
    files: [{ path: 'a/s1/1.png', label: 'a', group: 's1' }],
    strays: ['a/2.png', 'readme.txt'],
  });
});

it('passes over what systems leave behind, in silence', () => {
  const paths = ['__MACOSX/a/._1.png', 'a/.DS_Store', 'a/Thumbs.db', 'a/thumbs.db', 'desktop.ini', 'a/ehthumbs.db'];
  expect(filesToLabel(paths, 'image')).toEqual({ files: [], strays: [] });
});

it('takes the same letters as the same label, however a system stores them', () => {
  const { files } = filesToLabel(['Gru\u0308n /1.png', 'Gr\u00fcn/2.png'], 'image');
  expect(new Set(files.map(({ label }) => label))).toEqual(new Set(['Gr\u00fcn']));
});

it.for([
  ['细胞 🧫 (a & b)', 'a group', null],
  ['x'.repeat(201), null, 'at most 200'],
  ['x', 'x'.repeat(101), 'a group 100'],
  ['', null, 'have a name'],
  ['x', '', 'have a name'],
  ['a\u0000b', null, 'control characters'],
  ['a\u001b[2Jb', null, 'control characters'],
  ['x', '\ud800', 'control characters'],
] as const)('says of the names %j and %j: %s', ([label, group, wrong]) => {
  const said = wrongNames({ label, group });
  if (wrong === null) expect(said).toBeNull();
  else expect(said).toContain(wrong);
});
