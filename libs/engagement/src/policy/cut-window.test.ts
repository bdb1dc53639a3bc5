import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelOf, windowChannels, windowShape } from '../model/window.js';
import type { Sample } from '../model/sample.js';
import { aSample, aTime, nobody } from '../testing/a-sample.js';
import { cutWindow, dueWindows } from './cut-window.js';
import { SampleRing } from './sample-ring.js';

function ringOf(heard: Iterable<Sample>, now = aTime + 10_000): SampleRing {
  const ring = new SampleRing();
  for (const sample of heard) ring.add(sample, now);
  return ring;
}

/** Times from `from` on to `to`, both included, so many a second. */
function times(from: number, to: number, hertz: number): number[] {
  return Array.from({ length: Math.floor(((to - from) * hertz) / 1_000) + 1 }, (_, index) =>
    Math.floor(from + (index * 1_000) / hertz),
  );
}

function column(features: Float32Array, name: string): number[] {
  const place = channelOf(name);
  return Array.from({ length: windowShape.steps }, (_, step) => features[step * windowShape.channels + place]!);
}

describe('a window', () => {
  it('is the same at any rate from 1 to 30 Hz, where nothing changes', () => {
    const steady = (hertz: number, phase: number): Float32Array =>
      cutWindow(ringOf(times(aTime - 12_000 + phase, aTime, hertz).map((t) => aSample(t))), aTime).features;
    const expected = steady(4, 0);
    expect(column(expected, 'present').every((present) => present === 1)).toBe(true);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat({ max: 999 }), (hertz, phase) => {
        expect(steady(hertz, phase)).toEqual(expected);
      }),
    );
  });

  it('knows nothing of what came after it', () => {
    const at = (low: number, high: number): fc.Arbitrary<Sample[]> =>
      fc.array(
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.double({ min: 0, max: 1, noNaN: true }))
          .map(([t, q]) => aSample(t, { q })),
        { maxLength: 60 },
      );
    fc.assert(
      fc.property(at(aTime - 12_000, aTime), at(aTime + 1, aTime + 7_000), (before, after) => {
        expect(cutWindow(ringOf([...after, ...before]), aTime)).toEqual(cutWindow(ringOf(before), aTime));
      }),
    );
  });

  it('holds a sample for a second, and then says that there is none', () => {
    const { features } = cutWindow(ringOf([aSample(aTime - 5_000)]), aTime);
    const present = column(features, 'present');
    expect(present.map((each, step) => (each === 1 ? step : -1)).filter((step) => step >= 0)).toEqual([
      19, 20, 21, 22, 23,
    ]);
    const missing = features.subarray(24 * windowShape.channels);
    expect(missing.every((number) => number === 0)).toBe(true);
    expect(
      column(features, 'pose.pitch')
        .slice(19, 24)
        .every((number) => number < 0),
    ).toBe(true);
  });

  it('holds no sample for longer, not even to the end of the step', () => {
    const present = column(cutWindow(ringOf([aSample(aTime - 5_100)]), aTime).features, 'present');
    expect(present.slice(18, 25)).toEqual([0, 1, 1, 1, 1, 0, 0]);
  });

  it('has what was heard just before it in its first steps', () => {
    const { features } = cutWindow(ringOf([aSample(aTime - 10_500)]), aTime);
    expect(column(features, 'present').slice(0, 4)).toEqual([1, 1, 0, 0]);
  });

  it('scales each number as its channel says', () => {
    const { features } = cutWindow(ringOf([aSample(aTime, { pose: [Math.PI / 4, 0, -3, 25, -900, 80] })]), aTime);
    const last = (name: string): number => column(features, name).at(-1)!;
    expect(last('pose.yaw')).toBe(0.5);
    expect(last('pose.roll')).toBe(-1);
    expect(last('pose.tx')).toBe(0.5);
    expect(last('pose.ty')).toBe(-1);
    expect(last('pose.tz')).toBeCloseTo(0.8);
    expect(last('gaze.onScreen')).toBe(1);
    expect(last('bs.browDownRight')).toBeCloseTo(0.02);
    expect([last('hasPose'), last('hasBlendshapes'), last('hands.seen')]).toEqual([1, 1, 0]);
  });

  it('never has a number that is none, or beyond its channel', () => {
    const number = fc.double();
    const list = (length: number): fc.Arbitrary<number[] | null> =>
      fc.option(fc.array(number, { minLength: length, maxLength: length }));
    const wild = fc.record({
      t: fc.integer({ min: aTime - 12_000, max: aTime }),
      face: fc.boolean(),
      q: number,
      bs: list(52),
      pose: fc.oneof(list(3), list(6)),
      gaze: list(3),
      eye: list(2),
      hands: list(4),
      body: list(4),
    });
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 20 }), (heard) => {
        const { features, quality } = cutWindow(ringOf(heard), aTime);
        const isWithin = (each: number, place: number): boolean => {
          const { low, high } = windowChannels[place % windowShape.channels]!;
          return each >= low && each <= high;
        };
        expect(features.every(isWithin)).toBe(true);
        for (const each of Object.values(quality) as number[]) expect(each >= 0 && each <= 1).toBe(true);
      }),
    );
  });

  it('ends with a step', () => {
    expect(() => cutWindow(new SampleRing(), aTime + 1)).toThrow(RangeError);
    expect(() => cutWindow(new SampleRing(), NaN)).toThrow(RangeError);
  });
});

describe('whether a window may be judged', () => {
  const every = (of: (t: number) => Sample | null): ReturnType<typeof cutWindow> =>
    cutWindow(ringOf(times(aTime - 12_000, aTime, 4).flatMap((t) => of(t) ?? [])), aTime);

  it('is so where a face was seen well throughout', () => {
    const { quality, abstain } = every((t) => aSample(t));
    expect(abstain).toBeNull();
    expect(quality).toEqual({ score: expect.closeTo(0.9), coverage: 1, faceShare: 1, clarity: expect.closeTo(0.9) });
  });

  it.each([
    ['no-samples', (): null => null],
    ['away', (t: number): Sample => (t > aTime - 5_000 ? nobody(t) : aSample(t))],
    ['too-few-samples', (t: number): Sample | null => (t > aTime - 3_000 ? aSample(t) : null)],
    ['face-seldom-seen', (t: number): Sample => (t % 1_000 === 0 ? aSample(t) : nobody(t))],
    ['face-badly-seen', (t: number): Sample => aSample(t, { q: 0.1 })],
  ])('is not so: %s', (reason, of) => {
    expect(every(of).abstain).toBe(reason);
  });

  it('takes a lost connection for no absence', () => {
    expect(every((t) => (t > aTime - 6_000 ? null : nobody(t))).abstain).toBe('too-few-samples');
  });

  it('goes by the rules that are given', () => {
    const ring = ringOf(times(aTime - 12_000, aTime, 4).map((t) => (t > aTime - 5_000 ? nobody(t) : aSample(t))));
    const rules = { awayAfterMs: 8_000, coverage: 0.5, faceShare: 0.4, clarity: 0.5 };
    expect(cutWindow(ring, aTime, rules).abstain).toBeNull();
  });
});

describe('when windows are cut', () => {
  it('is every two seconds, a second after the end', () => {
    expect(dueWindows(null, aTime + 999)).toEqual([aTime - 2_000]);
    expect(dueWindows(null, aTime + 1_000)).toEqual([aTime]);
    expect(dueWindows(aTime, aTime + 2_999)).toEqual([]);
    expect(dueWindows(aTime, aTime + 3_000)).toEqual([aTime + 2_000]);
  });

  it('is twice at most after a pause', () => {
    expect(dueWindows(aTime, aTime + 61_000)).toEqual([aTime + 58_000, aTime + 60_000]);
  });

  it('goes on where the clock was set back', () => {
    expect(dueWindows(aTime + 3_600_000, aTime + 1_000)).toEqual([aTime]);
  });

  it('is once for each, and only where the ring still holds all of it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9_000 }), { maxLength: 40 }), (pauses) => {
        let now = aTime;
        let after: number | null = null;
        for (const pause of pauses) {
          now += pause;
          for (const endAt of dueWindows(after, now)) {
            if (after !== null) expect(endAt).toBeGreaterThan(after);
            expect(endAt % windowShape.hopMs).toBe(0);
            expect(endAt - 11_000).toBeGreaterThan(now + 2_000 - 20_000);
            after = endAt;
          }
        }
      }),
    );
  });
});
