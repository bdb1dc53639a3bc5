import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { courseStream, inStreamOrder, learnerStream } from './events.js';

describe('the order of streams', () => {
  it('is the same whatever the order of the events, and keeps the events of one stream in theirs', () => {
    const stream = fc.constantFrom(courseStream('b'), courseStream('a'), learnerStream('c'), learnerStream('d'));
    fc.assert(
      fc.property(fc.array(stream), (streams) => {
        const events = streams.map((name, place) => ({ stream: name, place }));
        const ordered = inStreamOrder(events);
        expect(ordered.map((event) => event.stream)).toEqual([...streams].sort());
        for (const name of streams) {
          const of = (all: typeof events) => all.filter((event) => event.stream === name);
          expect(of(ordered)).toEqual(of(events));
        }
      }),
    );
  });
});
