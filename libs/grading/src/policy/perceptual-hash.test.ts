import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { alikeUpTo, bitsApart, hashedSide, perceptualHash, turnedHashes } from './perceptual-hash.js';

/** Some blobs on a ground, in 0–255. */
function picture(seed: string): Float64Array {
  const rng = seededRng(seed);
  const blobs = Array.from({ length: 6 }, () => ({
    x: 32 * rng(),
    y: 32 * rng(),
    size: 2 + 6 * rng(),
    dark: 60 + 120 * rng(),
  }));
  return Float64Array.from({ length: hashedSide ** 2 }, (_, index) => {
    const [x, y] = [index % hashedSide, Math.floor(index / hashedSide)];
    return blobs.reduce((value, b) => value - b.dark * Math.exp(-((x - b.x) ** 2 + (y - b.y) ** 2) / b.size ** 2), 230);
  });
}
function turnRight(values: Float64Array): Float64Array {
  return values.map((_, index) => values[(31 - (index % 32)) * 32 + Math.floor(index / 32)]!);
}

it('bears another brightness, contrast and some noise', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ min: 0.6, max: 1.4, noNaN: true }),
      fc.integer({ min: -40, max: 40 }),
      (seed, contrast, light) => {
        const rng = seededRng(`${seed}/noise`);
        const original = picture(seed);
        const other = original.map((value) => contrast * value + light + 4 * (rng() - 0.5));
        expect(bitsApart(perceptualHash(original), perceptualHash(other))).toBeLessThanOrEqual(alikeUpTo);
      },
    ),
    { numRuns: 60 },
  );
});

it('tells other pictures apart', () => {
  const hashes = Array.from({ length: 60 }, (_, seed) => perceptualHash(picture(`p${seed}`)));
  const distances = hashes.flatMap((one, i) => hashes.slice(i + 1).map((other) => bitsApart(one, other)));
  expect(distances.filter((bits) => bits <= alikeUpTo)).toHaveLength(0);
});

it('finds a picture again that was turned', () => {
  const original = picture('turn');
  const hashes = turnedHashes(original);
  expect(bitsApart(hashes[0]!, perceptualHash(original))).toBe(0);
  let held = original;
  for (let turn = 0; turn < 4; turn++, held = turnRight(held))
    expect(bitsApart(hashes[turn]!, perceptualHash(held))).toBe(0);
});

it('counts bits', () => {
  expect(bitsApart(0n, 0n)).toBe(0);
  expect(bitsApart(0b1011n, 0b0010n)).toBe(2);
  expect(bitsApart(0n, (1n << 64n) - 1n)).toBe(64);
});
