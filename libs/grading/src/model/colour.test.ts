import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardCorrection, colourDifference, toLab, toLight, type Lab, type LinearColour } from './colour.js';

const light = fc.double({ min: 0, max: 1, noNaN: true });
const lightColour = fc.tuple(light, light, light);

describe('colours', () => {
  it('go to CIELAB and back', () => {
    fc.assert(
      fc.property(lightColour, (colour) => {
        toLight(toLab(colour)).forEach((value, at) => expect(value).toBeCloseTo(colour[at]!, 4));
      }),
    );
    toLab([1, 1, 1]).forEach((value, at) => expect(value).toBeCloseTo([100, 0, 0][at]!, 1));
    // Of pure red, as sRGB is tabulated.
    const [lightness, a, b] = toLab([1, 0, 0]);
    expect([lightness, a, b].map((value) => Number(value.toFixed(1)))).toEqual([53.2, 80.1, 67.2]);
  });

  it.each([
    // Pairs 1, 7, 14, 17, 19, 25 and 34 of Sharma, Wu & Dalal (2005), table 1.
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, -0.001, 2.49], [50, 0.0011, -2.49], 4.7461],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [56, -27, -3], 31.903],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ] as [Lab, Lab, number][])('differ as in the published table: %j and %j', (one, other, expected) => {
    expect(colourDifference(one, other)).toBeCloseTo(expected, 4);
    expect(colourDifference(other, one)).toBeCloseTo(expected, 4);
  });

  it('seen by a camera in the light of a lamp come out as they are, by a card', () => {
    const known: LinearColour[] = [
      [0.03, 0.03, 0.03],
      [0.2, 0.2, 0.2],
      [0.9, 0.9, 0.9],
      [0.4, 0.05, 0.05],
      [0.05, 0.3, 0.1],
      [0.05, 0.1, 0.4],
    ];
    fc.assert(
      fc.property(
        fc.tuple(...[0.4, 0.4, 0.4].map((min) => fc.double({ min, max: 1, noNaN: true }))),
        lightColour,
        (gains, colour) => {
          const camera = ([red, green, blue]: LinearColour): LinearColour => [
            gains[0]! * (0.9 * red + 0.1 * green) + 0.02,
            gains[1]! * (0.05 * red + 0.95 * green) + 0.01,
            gains[2]! * blue,
          ];
          const corrected = cardCorrection(known.map((each) => ({ seen: camera(each), known: each })))(camera(colour));
          corrected.forEach((value, at) => expect(value).toBeCloseTo(colour[at]!, 2));
          // Three greys are enough where only the lamp differs.
          const lamp = ([red, green, blue]: LinearColour): LinearColour => [
            gains[0]! * red,
            gains[1]! * green,
            gains[2]! * blue,
          ];
          const grey = cardCorrection(known.slice(0, 3).map((each) => ({ seen: lamp(each), known: each })))(
            lamp(colour),
          );
          grey.forEach((value, at) => expect(value).toBeCloseTo(colour[at]!, 3));
        },
      ),
    );
  });
});
