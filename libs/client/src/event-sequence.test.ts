import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventSequence } from './event-sequence.js';

const event = (sequence: number) => ({ sequence });

describe('the order of a stream', () => {
  it('gives each event once, in order, whatever order and repetition they come in', () => {
    const arrivals = fc.integer({ min: 1, max: 30 }).chain((count) => {
      const all = Array.from({ length: count }, (_, index) => index + 1);
      return fc.tuple(
        fc.shuffledSubarray(all, { minLength: count }),
        fc.array(fc.constantFrom(...all), { maxLength: 20 }),
      );
    });
    fc.assert(
      fc.property(arrivals, ([once, repeated]) => {
        const sequence = new EventSequence(0);
        const given = [...once, ...repeated].flatMap((number) => sequence.accept(event(number)));
        expect(given.map((one) => one.sequence)).toEqual(once.toSorted((a, b) => a - b));
        expect(sequence.hasGap).toBe(false);
      }),
    );
  });

  it('holds what comes behind a gap until the log fills it', () => {
    const sequence = new EventSequence(3);
    expect(sequence.accept(event(6))).toEqual([]);
    expect(sequence.hasGap).toBe(true);
    expect(sequence.fill([event(4), event(5)]).map((one) => one.sequence)).toEqual([4, 5, 6]);
    expect(sequence.accept(event(5))).toEqual([]);
    expect(sequence.cursor).toBe(6);
  });

  it('goes on where the log no longer has the events between', () => {
    const sequence = new EventSequence(3);
    expect(sequence.fill([event(9)]).map((one) => one.sequence)).toEqual([9]);
    expect(sequence.accept(event(10))).toHaveLength(1);
  });

  it('starts at a number without giving out what lies before it', () => {
    const sequence = new EventSequence(0);
    sequence.accept(event(7));
    sequence.accept(event(8));
    expect(sequence.skipTo(7).map((one) => one.sequence)).toEqual([8]);
  });
});
