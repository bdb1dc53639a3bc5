import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boxesSchema, isSameShape, outsideOf, scaleBoxes } from './boxes.js';

const aBox = (more: object = {}) => ({ label: 'cell', x: 10, y: 20, width: 30, height: 40, keypoints: {}, ...more });

it.for([
  ['zero width', { width: 0 }, '0.width'],
  ['negative height', { height: -1 }, '0.height'],
  ['left of the picture', { x: -1 }, '0.x'],
  ['no label', { label: ' ' }, '0.label'],
  ['control characters', { label: 'a\u0000b' }, '0.label'],
  ['no number', { x: Number.NaN }, '0.x'],
  ['a point of one number', { keypoints: { tip: [1] } }, '0.keypoints.tip'],
  ['a misspelt field', { keypoint: {} }, '0'],
  [
    'too many keypoints',
    { keypoints: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, [1, 1]])) },
    '0.keypoints',
  ],
] as const)('refuses boxes with %s', ([, more, path]) => {
  expect(boxesSchema.safeParse([aBox(more)]).error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});

it('takes at most 500 boxes, and fills in that there are no keypoints', () => {
  const { keypoints: _, ...bare } = aBox();
  expect(boxesSchema.parse([bare])).toEqual([aBox()]);
  expect(boxesSchema.safeParse(Array.from({ length: 501 }, () => bare)).success).toBe(false);
});

it('says which boxes and keypoints reach out of the picture', () => {
  const size = { width: 100, height: 80 };
  const boxes = [aBox(), aBox({ x: 71 }), aBox({ keypoints: { tip: [20, 81], base: [20, 80] } })];
  expect(outsideOf(boxes, size)).toEqual([
    { path: 'boxes.1', message: 'reaches to 101, 60: out of the picture, which has 100 × 80 pixels' },
    { path: 'boxes.2.keypoints.tip', message: 'is outside of the picture, which has 100 × 80 pixels' },
  ]);
});

it('scales boxes so that none leaves the picture', () => {
  const side = fc.integer({ min: 2, max: 6_000 });
  fc.assert(
    fc.property(side, side, side, side, (width, height, across, down) => {
      const whole = aBox({ x: 0, y: 0, width, height, keypoints: { corner: [width, height] } });
      const [scaled] = scaleBoxes([whole], { width, height }, { width: across, height: down });
      expect(outsideOf([scaled!], { width: across, height: down })).toEqual([]);
      expect(scaled!.width).toBeCloseTo(across);
      expect(scaled!.keypoints['corner']![1]).toBeCloseTo(down);
    }),
  );
});

it('knows a picture that was made smaller, and one that lies on its side', () => {
  expect(isSameShape({ width: 4_000, height: 3_001 }, { width: 2_048, height: 1_537 })).toBe(true);
  expect(isSameShape({ width: 5_000, height: 3 }, { width: 2_048, height: 1 })).toBe(true);
  expect(isSameShape({ width: 4_000, height: 3_000 }, { width: 1_536, height: 2_048 })).toBe(false);
  expect(isSameShape({ width: 100, height: 80 }, { width: 100, height: 81 })).toBe(false);
});
