import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSample, aTime, nobody } from '../testing/a-sample.js';
import type { Sample } from '../model/sample.js';
import { cutWindow } from './cut-window.js';
import { SampleRing } from './sample-ring.js';

/** Samples that differ, in the 25 s before a time; some at the same one, some at the end of a step. */
const samples = fc.array(
  fc
    .record({ before: fc.nat({ max: 500 }), q: fc.double({ min: 0, max: 1, noNaN: true }), face: fc.boolean() })
    .map(({ before, q, face }) => (face ? aSample(aTime - before * 50, { q }) : nobody(aTime - before * 50))),
  { maxLength: 120 },
);

function ringOf(heard: readonly Sample[], now = aTime): SampleRing {
  const ring = new SampleRing();
  for (const sample of heard) ring.add(sample, now);
  return ring;
}

function seen(ring: SampleRing, endAt = aTime): number[] {
  return [...cutWindow(ring, endAt).features];
}

describe('what is kept of a learner', () => {
  it('does not depend on the order in which samples come', () => {
    const shuffled = samples.chain((heard) =>
      fc.tuple(fc.constant(heard), fc.shuffledSubarray(heard, { minLength: heard.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 0, max: 40 }), ([heard, otherwise], hops) => {
        const endAt = aTime - hops * 250;
        expect(seen(ringOf(otherwise), endAt)).toEqual(seen(ringOf(heard), endAt));
      }),
    );
  });

  it('is the same where samples come again', () => {
    const repeated = samples.chain((heard) => fc.tuple(fc.constant(heard), fc.subarray(heard)));
    fc.assert(
      fc.property(repeated, ([heard, again]) => {
        const ring = ringOf(heard);
        const before = seen(ring);
        for (const sample of again) expect(ring.add(sample, aTime)).not.toBe('kept');
        expect(seen(ring)).toEqual(before);
      }),
    );
  });

  it('takes the same memory for ever', () => {
    const ring = new SampleRing();
    const { bytes } = ring;
    expect(bytes).toBeLessThan(32 * 1024);
    for (let t = aTime; t < aTime + 120_000; t += 33) ring.add(aSample(t), t);
    expect(ring.bytes).toBe(bytes);
    expect(seen(ring, aTime + 120_000 - 250).some((number) => number > 0)).toBe(true);
    expect(seen(ring, aTime + 60_000).every((number) => number === 0)).toBe(true);
  });

  it('is the latest sample of each step', () => {
    const ring = new SampleRing();
    expect(ring.add(aSample(aTime - 10), aTime)).toBe('kept');
    expect(ring.add(aSample(aTime - 200), aTime)).toBe('superseded');
    expect(ring.add(aSample(aTime), aTime)).toBe('kept');
    expect(ring.add(aSample(aTime), aTime)).toBe('superseded');
    expect(ring.add(aSample(aTime - 250), aTime)).toBe('kept');
  });

  it('is nothing from before 20 s ago, and nothing from the future', () => {
    const ring = ringOf([aSample(aTime)]);
    expect(ring.add(aSample(aTime - 19_999), aTime)).toBe('kept');
    expect(ring.add(aSample(aTime - 20_000), aTime)).toBe('too-old');
    expect(ring.add(aSample(aTime + 2_000), aTime)).toBe('kept');
    expect(ring.add(aSample(aTime + 2_001), aTime)).toBe('too-early');
  });

  it('forgets after 20 s also what nothing took the place of', () => {
    const old = aSample(aTime - 20_400);
    const recent = [old, aSample(aTime)];
    expect(seen(ringOf(recent), aTime - 20_250)).toEqual(seen(ringOf(recent.toReversed()), aTime - 20_250));
  });

  it('begins anew where the clock was set back', () => {
    const ring = ringOf([aSample(aTime)]);
    const earlier = aTime - 3_600_000;
    expect(ring.add(aSample(earlier), earlier)).toBe('kept');
    expect(ring.add(aSample(earlier - 250), earlier)).toBe('kept');
    expect(seen(ring).every((number) => number === 0)).toBe(true);
  });

  it.each([
    ['a time', { t: NaN }],
    ['a quality', { q: NaN }],
    ['a blendshape', { bs: new Array<number>(52).fill(0).with(3, NaN) }],
    ['51 blendshapes', { bs: new Array<number>(51).fill(0) }],
    ['an angle', { pose: [0, Infinity, 0] }],
    ['a pose by halves', { pose: [0, 0, 0, 1, undefined, 60] }],
    ['a gaze', { gaze: [0, 0, -Infinity] }],
    ['an eye', { eye: [0.1] }],
    ['hands', { hands: [NaN, 0, 0, 0] }],
    ['a body', { body: [] }],
  ])('is no sample without a number for %s', (_, change) => {
    const ring = new SampleRing();
    expect(ring.add({ ...aSample(aTime), ...change }, aTime)).toBe('unsound');
    expect(seen(ring).every((number) => number === 0)).toBe(true);
  });
});
