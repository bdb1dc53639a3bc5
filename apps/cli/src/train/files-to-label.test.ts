import { expect, it } from 'vitest';
import { filesToLabel } from './files-to-label.js';

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
