type Pixels = readonly (readonly [number, number])[];

/**
 * Thins ink to lines of one pixel that keep its ends, junctions and holes (T. Y. Zhang & C. Y. Suen, "A fast parallel algorithm for thinning
 * digital patterns", 1984).
 * @param pixels dark pixels, in whole numbers
 */
export function thinInk(pixels: Pixels): [number, number][] {
  if (pixels.length === 0) return [];
  const [left, top] = [least(pixels, 0) - 1, least(pixels, 1) - 1];
  const width = most(pixels, 0) - left + 2;
  const height = most(pixels, 1) - top + 2;
  const dark = new Uint8Array(width * height);
  for (const [x, y] of pixels) dark[(y - top) * width + x - left] = 1;
  let inked = pixels.map(([x, y]) => (y - top) * width + x - left);
  // clockwise from above
  const around = [-width, 1 - width, 1, 1 + width, width, width - 1, -1, -1 - width];
  for (let before = Infinity; inked.length < before;) {
    before = inked.length;
    for (const pass of [0, 1] as const) {
      const gone = inked.filter((at) => isSpare(dark, at, around, pass));
      for (const at of gone) dark[at] = 0;
      inked = inked.filter((at) => dark[at] === 1);
    }
  }
  return inked.map((at) => [(at % width) + left, Math.floor(at / width) + top]);
}

/** Whether a pixel is on the rim of a line that stays whole without it: south-east rims in one pass, north-west rims in the other. */
function isSpare(dark: Uint8Array, at: number, around: readonly number[], pass: 0 | 1): boolean {
  let neighbours = 0;
  let rises = 0;
  let last = dark[at + around[7]!]!;
  for (const step of around) {
    const each = dark[at + step]!;
    neighbours += each;
    if (each > last) rises++;
    last = each;
  }
  if (neighbours < 2 || neighbours > 6 || rises !== 1) return false;
  const is = (index: number): number => dark[at + around[index]!]!;
  const [above, right, below, beside] = [is(0), is(2), is(4), is(6)];
  return pass === 0
    ? above * right * below === 0 && right * below * beside === 0
    : above * right * beside === 0 && above * below * beside === 0;
}

function least(pixels: Pixels, axis: 0 | 1): number {
  return pixels.reduce((value, each) => Math.min(value, each[axis]), Infinity);
}

function most(pixels: Pixels, axis: 0 | 1): number {
  return pixels.reduce((value, each) => Math.max(value, each[axis]), -Infinity);
}
