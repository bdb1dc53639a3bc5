import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSample, aTime } from '../testing/a-sample.js';
import { hearClock, offsetOf, toDeviceTime, toServerTime, unknownClock, type DeviceClock } from './device-clock.js';
import { SampleRing } from './sample-ring.js';

const day = 86_400_000;

/** Messages of a device whose clock is off by so much, each under way for its time. */
function heard(skew: number, delays: readonly number[]): DeviceClock {
  return delays.reduce(
    (clock, delay, index) =>
      hearClock(clock, { sentAt: aTime + index * 2_000 - skew, receivedAt: aTime + index * 2_000 + delay }),
    unknownClock,
  );
}

describe('how far a clock is off', () => {
  it('is told by the message that was the shortest under way', () => {
    expect(offsetOf(heard(-90_000, [400, 80, 2_500, 120]))).toBe(-90_000 + 80);
    expect(offsetOf(unknownClock)).toBe(0);
  });

  it('is never more than the shortest delay of eight messages from the truth', () => {
    const delays = fc.array(fc.nat({ max: 60_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: -day / 2, max: day / 2 }), delays, (skew, under) => {
        const error = offsetOf(heard(skew, under)) - skew;
        expect(error).toBe(Math.min(...under.slice(-8)));
      }),
    );
  });

  it('is at most a day, whatever is said', () => {
    const time = fc.oneof(fc.double(), fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 }));
    fc.assert(
      fc.property(fc.array(fc.record({ sentAt: time, receivedAt: time }), { maxLength: 20 }), (messages) => {
        const clock = messages.reduce(hearClock, unknownClock);
        expect(Math.abs(offsetOf(clock))).toBeLessThanOrEqual(day);
        expect(clock.offsets.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('leads there and back', () => {
    const clock = heard(5_000, [100]);
    expect(toServerTime(clock, toDeviceTime(clock, aTime))).toBe(aTime);
    expect(toDeviceTime(clock, aTime)).toBe(aTime - 5_100);
  });

  it('leaves no message of its own in the future', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -day, max: day }),
        fc.array(fc.nat({ max: 9_000 }), { minLength: 1 }),
        (skew, delays) => {
          let clock = unknownClock;
          delays.forEach((delay, index) => {
            const sentAt = aTime + index * 2_000 - skew;
            const receivedAt = aTime + index * 2_000 + delay;
            if (Math.abs(receivedAt - sentAt) > day) return;
            clock = hearClock(clock, { sentAt, receivedAt });
            expect(toDeviceTime(clock, receivedAt)).toBeGreaterThanOrEqual(sentAt);
          });
        },
      ),
    );
  });

  it('is learnt anew within eight messages of a clock that was set back', () => {
    const ring = new SampleRing();
    let clock = unknownClock;
    const outcomes: string[] = [];
    for (let message = 0; message < 20; message++) {
      const receivedAt = aTime + message * 2_000;
      const sentAt = receivedAt - (message < 5 ? 0 : 3_600_000);
      clock = hearClock(clock, { sentAt, receivedAt });
      outcomes.push(ring.add(aSample(sentAt), toDeviceTime(clock, receivedAt)));
    }
    expect(outcomes.slice(0, 5)).toEqual(new Array(5).fill('kept'));
    expect(outcomes.slice(5, 12)).toEqual(new Array(7).fill('too-old'));
    expect(outcomes.slice(12)).toEqual(new Array(8).fill('kept'));
  });
});
