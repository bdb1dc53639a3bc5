/** Red, green and blue as amounts of light, from 0 to 1: sRGB without its gamma. */
export type LinearColour = readonly [number, number, number];

/** Lightness from 0 to 100, green (−) to red, blue (−) to yellow: CIELAB under D65. */
export type Lab = readonly [number, number, number];

/** Light of the white that everything is compared with: D65, observer of 1931. */
const white = [0.95047, 1, 1.08883] as const;
const [limit, slope] = [216 / 24_389, 24_389 / 27];

/** The colour that an eye sees, from amounts of light (IEC 61966-2-1 for the primaries, CIE 15:2004 for the rest). */
export function toLab([red, green, blue]: LinearColour): Lab {
  const tristimulus = [
    0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
    0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
    0.0193339 * red + 0.119192 * green + 0.9503041 * blue,
  ] as const;
  const bent = (axis: 0 | 1 | 2): number => {
    const share = tristimulus[axis] / white[axis];
    return share > limit ? Math.cbrt(share) : (slope * share + 16) / 116;
  };
  return [116 * bent(1) - 16, 500 * (bent(0) - bent(1)), 200 * (bent(1) - bent(2))];
}

/** The amounts of light that {@link toLab} makes a colour of. */
export function toLight([lightness, a, b]: Lab): LinearColour {
  const y = (lightness + 16) / 116;
  const straight = (bent: number): number => (bent ** 3 > limit ? bent ** 3 : (116 * bent - 16) / slope);
  const [X, Y, Z] = [
    white[0] * straight(y + a / 500),
    white[1] * straight(y),
    white[2] * straight(y - b / 200),
  ] as const;
  return [
    3.2404542 * X - 1.5371385 * Y - 0.4985314 * Z,
    -0.969266 * X + 1.8760108 * Y + 0.041556 * Z,
    0.0556434 * X - 0.2040259 * Y + 1.0572252 * Z,
  ];
}

const degrees = Math.PI / 180;

/**
 * How different two colours look: CIEDE2000, of which 1 can just be seen (Sharma, Wu & Dalal 2005, whose numbers name the
 * steps).
 */
export function colourDifference(one: Lab, other: Lab): number {
  const meanChroma = (Math.hypot(one[1], one[2]) + Math.hypot(other[1], other[2])) / 2;
  const greyer = 0.5 * (1 - Math.sqrt(meanChroma ** 7 / (meanChroma ** 7 + 25 ** 7))); // (4)
  const [first, second] = [one, other].map(([lightness, a, b]) => {
    const green = (1 + greyer) * a;
    const hue = green === 0 && b === 0 ? 0 : (Math.atan2(b, green) / degrees + 360) % 360;
    return { lightness, chroma: Math.hypot(green, b), hue };
  }) as [Polar, Polar];
  const isGrey = first.chroma * second.chroma === 0;
  const turn = isGrey ? 0 : ((second.hue - first.hue + 540) % 360) - 180; // (10)
  const lighter = second.lightness - first.lightness;
  const purer = second.chroma - first.chroma;
  const rounder = 2 * Math.sqrt(first.chroma * second.chroma) * Math.sin((turn / 2) * degrees); // (11)
  const lightness = (first.lightness + second.lightness) / 2;
  const chroma = (first.chroma + second.chroma) / 2;
  const hue = meanHue(first, second, isGrey); // (14)
  const weight =
    1 -
    0.17 * Math.cos((hue - 30) * degrees) +
    0.24 * Math.cos(2 * hue * degrees) +
    0.32 * Math.cos((3 * hue + 6) * degrees) -
    0.2 * Math.cos((4 * hue - 63) * degrees); // (15)
  const turnWeight = 30 * Math.exp(-(((hue - 275) / 25) ** 2)); // (16)
  const mixed = 2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)); // (17)
  const perLightness = 1 + (0.015 * (lightness - 50) ** 2) / Math.sqrt(20 + (lightness - 50) ** 2); // (18)
  const perChroma = 1 + 0.045 * chroma; // (19)
  const perHue = 1 + 0.015 * chroma * weight; // (20)
  const rotation = -Math.sin(2 * turnWeight * degrees) * mixed; // (21)
  const [l, c, h] = [lighter / perLightness, purer / perChroma, rounder / perHue];
  return Math.sqrt(l * l + c * c + h * h + rotation * c * h); // (22)
}

interface Polar {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

function meanHue(one: Polar, other: Polar, isGrey: boolean): number {
  const sum = one.hue + other.hue;
  if (isGrey) return sum;
  if (Math.abs(one.hue - other.hue) <= 180) return sum / 2;
  return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
}

/** A patch of a colour card: what the camera saw, and what it is. */
export interface CardPatch {
  readonly seen: LinearColour;
  readonly known: LinearColour;
}

/** Patches from which on colours may be mixed with one another, and not only be made brighter and darker. */
const patchesToMix = 6;

/**
 * What takes colours as a camera saw them to what they are, by least squares over the patches of a card: of each colour its own
 * gain and offset, or, with {@link patchesToMix} patches, a mixture of all three and an offset.
 */
export function cardCorrection(patches: readonly CardPatch[]): (seen: LinearColour) => LinearColour {
  const mixes = patches.length >= patchesToMix;
  const termsOf = (seen: LinearColour, channel: number): number[] => (mixes ? [...seen, 1] : [seen[channel]!, 1]);
  const weights = [0, 1, 2].map((channel) =>
    leastSquares(
      patches.map(({ seen, known }) => ({ terms: termsOf(seen, channel), value: known[channel]! })),
      mixes ? [channel === 0 ? 1 : 0, channel === 1 ? 1 : 0, channel === 2 ? 1 : 0, 0] : [1, 0],
    ),
  );
  const corrected = (seen: LinearColour, channel: 0 | 1 | 2): number =>
    termsOf(seen, channel).reduce((sum, term, at) => sum + term * weights[channel]![at]!, 0);
  return (seen) => [corrected(seen, 0), corrected(seen, 1), corrected(seen, 2)];
}

/** By the normal equations; a very little is pulled towards what is expected, for patches that are all alike. */
function leastSquares(
  samples: readonly { readonly terms: readonly number[]; readonly value: number }[],
  expected: readonly number[],
): readonly number[] {
  const count = expected.length;
  const pull = 1e-6;
  const rows = expected.map((value, row) => [
    ...expected.map((_, column) => (row === column ? pull : 0)),
    pull * value,
  ]);
  for (const { terms, value } of samples) {
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) rows[row]![column]! += terms[row]! * terms[column]!;
      rows[row]![count]! += terms[row]! * value;
    }
  }
  for (let pivot = 0; pivot < count; pivot++) {
    for (let row = 0; row < count; row++) {
      if (row === pivot) continue;
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let column = pivot; column <= count; column++) rows[row]![column]! -= factor * rows[pivot]![column]!;
    }
  }
  return rows.map((row, at) => row[count]! / row[at]!);
}
