import { describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { annotationFor, filesWithBoxes } from './boxes-file.js';
import { planBoxes } from './boxes-plan.js';
import { importLimits } from './dataset-limits.js';

const aBox = { label: 'cell', x: 10, y: 20, width: 30, height: 40 };
const entry = (path: string, more: object = {}) => ({ path, width: 100, height: 80, boxes: [aBox], ...more });
const textOf = (...images: unknown[]): string => JSON.stringify({ images });
const packed = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1_000 }));

describe('boxes.json', () => {
  it('says what is on which picture, however systems write their paths', () => {
    const text = textOf(entry('b/gru\u0308n.png', { boxes: [] }), entry('a/1.png', { group: ' s1 ' }));
    const told = filesWithBoxes(text, ['b\\gr\u00fcn.png', 'a/1.png', 'boxes.json', 'a/.DS_Store'], 'image');
    expect(told).toEqual({
      files: [
        {
          path: 'a/1.png',
          boxes: [{ ...aBox, keypoints: {} }],
          size: { width: 100, height: 80 },
          group: 's1',
          attributes: {},
        },
        { path: 'b\\gr\u00fcn.png', boxes: [], size: { width: 100, height: 80 }, group: null, attributes: {} },
      ],
      strays: [],
    });
  });

  it('tells of each picture that it does not tell rightly of, and takes the others', () => {
    const text = textOf(
      entry('1.png', { group: 'g' }),
      entry('1.png', { group: 'g' }),
      entry('2.png'),
      entry('3.png', { group: 'g', boxes: [{ ...aBox, x: 80 }] }),
      entry('4.png', { group: 'g', boxes: [{ ...aBox, width: 0 }] }),
      entry('5.png', { group: 'g' }),
      { width: 1 },
    );
    const told = filesWithBoxes(text, ['1.png', '2.png', '3.png', '4.png', '6.png'], 'student');
    if (isFailure(told)) throw new Error(told.message);
    expect(told.files.map(({ path }) => path)).toEqual(['1.png']);
    expect(told.strays.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      '1.png boxes.json names it twice.',
      '2.png group: is needed: the dataset is split by student',
      expect.stringMatching(/^3\.png boxes\.0: reaches to 110, 60: out of the picture, which has 100 × 80/),
      expect.stringMatching(/^4\.png boxes\.0\.width: /),
      '5.png boxes.json names it, and it is not there.',
      '6.png boxes.json does not name it.',
      expect.stringMatching(/^boxes\.json: images\.6 path: /),
    ]);
  });

  it.for([
    ['no JSON', '{', 'no JSON'],
    ['another shape', '[]', 'is not { "images"'],
    [
      'too many labels',
      textOf(entry('1.png', { boxes: Array.from({ length: 101 }, (_, n) => ({ ...aBox, label: `l${n}` })) })),
      'has 101',
    ],
  ] as const)('is refused as a whole where it is %s', ([, text, words]) => {
    expect(filesWithBoxes(text, ['1.png'], 'image')).toHaveProperty('message', expect.stringContaining(words));
  });

  it('is in the pixels of its author, of the picture as people see it', () => {
    const told = filesWithBoxes(textOf(entry('1.png', { width: 4_000, height: 3_000 })), ['1.png'], 'image');
    if (isFailure(told)) throw new Error(told.message);
    const [file] = told.files;
    expect(annotationFor(file!, { width: 2_000, height: 1_500 })).toMatchObject({
      label: null,
      boxes: [{ label: 'cell', x: 5, y: 10, width: 15, height: 20 }],
    });
    expect(annotationFor(file!, { width: 1_500, height: 2_000 })).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('4000 × 3000'),
    });
  });
});

describe('the plan of a zip with boxes.json', () => {
  it('has a step for each file, always in the same order', () => {
    const files = [...packed('b.png', 'a.png', 'stray.png', 'boxes.json'), { path: 'c.png', bytes: 2 ** 24 }];
    const text = textOf(entry('c.png'), entry('b.png'), entry('a.png'));
    const steps = planBoxes(files, 'image', text);
    expect(steps).toMatchObject([
      { path: 'stray.png', code: 'INVALID_INPUT' },
      { path: 'a.png' },
      { path: 'b.png' },
      { path: 'c.png', code: 'TOO_LARGE' },
    ]);
    expect(planBoxes(files.toReversed(), 'image', text)).toEqual(steps);
  });

  it.for([
    ['no pictures', packed('boxes.json', '__MACOSX/x'), textOf(), 'no files'],
    ['none that it names', packed('all/1.png', 'boxes.json'), textOf(entry('1.png')), 'no picture in the zip'],
    ['a bomb', [{ path: '1.png', bytes: importLimits.unpackedBytes + 1 }], textOf(entry('1.png')), 'unpacked'],
  ] as const)('refuses %s as a whole', ([, files, text, words]) => {
    expect(planBoxes(files, 'image', text)).toHaveProperty('message', expect.stringContaining(words));
  });
});
