import { describe, expect, it } from 'vitest';
import { confusionPlot, reliabilityPlot } from './agreement-plots.js';

const bin = (from: number, count: number, confidence: number, exact: number) => ({ from, count, confidence, exact });

describe('the plots of agreement', () => {
  it('show each bin where it lies, and leave out the empty ones', () => {
    const svg = reliabilityPlot([bin(0.5, 0, 0, 0), bin(0.8, 4, 0.85, 0.5), bin(0.9, 16, 0.95, 1)]);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    // 56 pixels of margin and 308 within: .85 of the width, .5 of the height.
    expect(svg).toContain('cx="317.8" cy="210.0" r="7.5"');
    expect(svg).toContain('cx="348.6" cy="56.0" r="12.0"');
    expect(svg).toContain('16 decisions: confidence 0.950, exact 1.000');
  });

  it('show how often each pair of levels came, the teacher upwards', () => {
    const svg = confusionPlot(
      [0, 0.5, 1],
      [
        [5, 0, 1],
        [0, 2, 0],
        [0, 0, 8],
      ],
    );
    expect(svg.match(/<rect /g)).toHaveLength(1 + 9);
    expect(svg.match(/50 %/g)).toHaveLength(2);
    // The first row is at the bottom, and what the program gave goes to the right.
    expect(svg).toContain('<text x="312.7" y="316.7" text-anchor="middle" fill="#222">1</text>');
    expect(svg).toContain('fill="#fff">8</text>');
  });

  it('are there where nothing was decided', () => {
    for (const svg of [reliabilityPlot([]), confusionPlot([], [])]) {
      expect(svg.startsWith('<svg ')).toBe(true);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
  });
});
