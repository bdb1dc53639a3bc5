import type { SmallNet } from './small-net.js';

/** A net as numbers, each with so many digits that what it says stays the same to the eye. */
export function numbersOf({ mean, deviation, first, firstBias, second, secondBias }: SmallNet): number[] {
  return [...mean, ...deviation, ...first, ...firstBias, ...second, ...secondBias].map((each) =>
    Number(each.toPrecision(4)),
  );
}

/** The net that {@link numbersOf} gave the numbers of. */
export function netOf(numbers: readonly number[], inputs: number, hidden: number, classes: number): SmallNet {
  let at = 0;
  const next = (count: number): Float64Array => Float64Array.from(numbers.slice(at, (at += count)));
  return {
    mean: [...next(inputs)],
    deviation: [...next(inputs)],
    first: next(hidden * inputs),
    firstBias: next(hidden),
    second: next(classes * hidden),
    secondBias: next(classes),
  };
}
