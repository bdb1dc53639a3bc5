import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reviewValue, signatureOf } from './review-value.js';

const hour = 3_600_000;
const work = fc.record({
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  density: fc.integer({ min: 1, max: 5_000 }),
  waited: fc.integer({ min: 0, max: 90 * 24 * hour }),
});

describe('the value of a look at a work', () => {
  it.each([
    [{ confidence: 0, density: 1, waited: 0 }, 1],
    [{ confidence: null, density: 1, waited: 0 }, 1],
    [{ confidence: 1, density: 1, waited: 0 }, 0.05],
    [{ confidence: 0, density: 12, waited: 0 }, 12],
    [{ confidence: 0.5, density: 2, waited: 24 * hour }, 2.1],
    [{ confidence: 0, density: 1, waited: -hour }, 1],
  ])('of %j is %d', (one, value) => {
    expect(reviewValue(one)).toBeCloseTo(value, 12);
  });

  it('never falls with uncertainty, density or waiting', () => {
    fc.assert(
      fc.property(work, work, (one, other) => {
        const surer = Math.max(one.confidence ?? 0, other.confidence ?? 0);
        expect(reviewValue({ ...one, confidence: surer })).toBeLessThanOrEqual(reviewValue(one));
        const more = { density: one.density + other.density, waited: one.waited + other.waited };
        expect(reviewValue({ ...one, ...more })).toBeGreaterThanOrEqual(reviewValue(one));
      }),
    );
  });

  it('lets no work wait for ever behind new ones', () => {
    fc.assert(
      fc.property(work, work, (old, newer) => {
        const years = { ...old, waited: 1_000 * 365 * 24 * hour };
        expect(reviewValue(years)).toBeGreaterThan(reviewValue({ ...newer, waited: 0 }));
      }),
    );
  });
});

describe('the signature of what was found', () => {
  const criterion = (criterionId: string, error: 'missing' | 'swapped' | null, awarded = error === null ? 1 : 0) => ({
    criterionId,
    error,
    awarded,
    points: 1,
  });

  it('is the same whatever the order, and whatever was right', () => {
    const found = [criterion('left', 'missing'), criterion('right', 'swapped'), criterion('middle', null)];
    expect(signatureOf(found.toReversed(), ['blank', 'off-topic'])).toBe(
      signatureOf(found.slice(0, 2), ['off-topic', 'blank']),
    );
  });

  it.each([
    ['another error', [criterion('left', 'swapped')], []],
    ['another criterion', [criterion('right', 'missing')], []],
    ['other points', [criterion('left', 'missing', 0.5)], []],
    ['one more', [criterion('left', 'missing'), criterion('right', 'missing')], []],
    ['a flag', [criterion('left', 'missing')], ['blank']],
    ['nothing', [], []],
  ])('tells %s', (_, criteria, flags) => {
    expect(signatureOf(criteria, flags)).not.toBe(signatureOf([criterion('left', 'missing')], []));
  });
});
