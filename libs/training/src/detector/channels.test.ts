import { describe, expect, it } from 'vitest';
import { channelsOf, meanOver, plainChannels, type Picture } from './channels.js';

/** A disc on a light ground. */
function disc(radius: number, ink: readonly [number, number, number], ground = 230): Picture {
  const [width, height] = [160, 120];
  const data = new Uint8Array(width * height * 3).fill(ground);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (Math.hypot(x - 80, y - 60) <= radius) data.set(ink, (y * width + x) * 3);
  }
  return { width, height, data };
}

const [red, green, blue, strength] = [0, 1, 2, 5];

describe('channelsOf', () => {
  it('gives optical densities against the ground, whatever its light', () => {
    const inked = channelsOf(disc(30, [200, 100, 50]), []);
    expect(meanOver(inked, red!, 18, 13, 22, 17)).toBeCloseTo(Math.log(231 / 201), 4);
    expect(meanOver(inked, blue!, 18, 13, 22, 17)).toBeCloseTo(Math.log(231 / 51), 4);
    expect(meanOver(inked, green!, 0, 0, 5, 5)).toBeCloseTo(0, 6);
    const dim = channelsOf(disc(30, [100, 50, 25], 115), []);
    expect(meanOver(dim, red!, 18, 13, 22, 17)).toBeCloseTo(Math.log(116 / 101), 4);
  });

  it('finds edges where the disc ends, and which way they go', () => {
    const inked = channelsOf(disc(30, [200, 100, 50]), []);
    const right = [26, 13, 29, 17] as const;
    expect(meanOver(inked, strength!, ...right)).toBeGreaterThan(0.02);
    expect(meanOver(inked, strength!, 18, 13, 22, 17)).toBe(0);
    const directions = [6, 7, 8, 9].map((channel) => meanOver(inked, channel, ...right));
    // The gradient points along x there, and the four directions share the strength.
    expect(Math.max(...directions)).toBe(directions[0]);
    expect(directions.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(
      meanOver(inked, strength!, ...right),
    );
  });

  it('lets the edges of a disc vote for its middle, at its own radius most', () => {
    const radii = [20, 30, 40];
    const inked = channelsOf(disc(30, [200, 100, 50]), radii);
    const votes = radii.map((_, at) => meanOver(inked, plainChannels + at, 19, 14, 21, 16));
    expect(votes[1]).toBeGreaterThan(4 * Math.max(votes[0]!, votes[2]!));
  });

  it('takes the nearest cell for a box outside of the picture', () => {
    const inked = channelsOf(disc(200, [200, 100, 50]), []);
    expect(meanOver(inked, red!, -9, -9, -5, -5)).toBe(meanOver(inked, red!, 0, 0, 1, 1));
    expect(meanOver(inked, red!, 900, 900, 905, 905)).toBe(meanOver(inked, red!, 39, 29, 40, 30));
  });
});
