import { describe, expect, it } from 'vitest';
import { datasetSchema } from '../model/training-plan.js';
import { handOutOf } from './hand-out.js';

const items = (['training', 'validation', 'test'] as const).flatMap((split, splitIndex) =>
  ['red, cell', 'platelet'].map((label, index) => {
    const sha256 = `${splitIndex}${index}`.padEnd(64, 'a1b2c3');
    return { path: `${split}/00${index}-label/${sha256}.jpg`, split, label, sha256, group: null };
  }),
);
const index = datasetSchema.parse({
  schemaVersion: 1,
  task: 'image-classification',
  labels: ['platelet', 'red, cell'],
  card: {
    description: 'Cells.',
    examples: 6,
    perLabel: { platelet: 3, 'red, cell': 3 },
    splitBy: 'image',
    split: { training: 2, validation: 2, test: 2 },
    isSynthetic: false,
    consentBasis: 'open-licence',
    licence: 'CC0-1.0',
  },
  items,
});

describe('what a project hands out', () => {
  const files = handOutOf('Blood cells', index);
  const textOf = (path: string): string => {
    const file = files.find((each) => each.path === path);
    return file !== undefined && 'text' in file ? file.text : '';
  };

  it('holds all images, those of the test without their labels', () => {
    const test = files.filter(({ path }) => path.startsWith('test/'));
    expect(test.map(({ path }) => path)).toEqual(['test/20a1b2c3a1b2c3a1.jpg', 'test/21a1b2c3a1b2c3a1.jpg']);
    expect(test.map((file) => 'image' in file && file.image)).toEqual(items.slice(4).map(({ path }) => path));
    const known = files.filter(({ path }) => /^(training|validation)\//.test(path));
    expect(known.map(({ path }) => path)).toEqual(items.slice(0, 4).map(({ path }) => path));
  });

  it('says which label known images have, and asks for those of the others', () => {
    expect(textOf('examples.csv').split('\r\n')[1]).toBe(`${items[0]!.path},training,"red, cell"`);
    expect(textOf('predictions.csv')).toBe('example,label\r\n20a1b2c3a1b2c3a1.jpg,\r\n21a1b2c3a1b2c3a1.jpg,\r\n');
    expect(textOf('README.md')).toContain('2 images whose labels are not told');
    expect(textOf('README.md')).toContain('Licence: CC0-1.0.');
  });
});
