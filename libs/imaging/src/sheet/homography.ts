// Homographies: nine numbers, row by row, which take places to places.
import type { Homography } from '../photo/messages.js';

export type Place2 = readonly [number, number];

export function applied([a, b, c, d, e, f, g, h, i]: Homography, [x, y]: Place2): [number, number] {
  const weight = g * x + h * y + i;
  return [(a * x + b * y + c) / weight, (d * x + e * y + f) / weight];
}

/** First the second one, then the first. */
export function composed(first: Homography, second: Homography): Homography {
  const product = Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + first[3 * row + k]! * second[3 * k + column]!, 0);
  });
  return product as unknown as Homography;
}

/** The way back, by the adjugate. */
export function inverse([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const adjugate = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f];
  const rest = [d * h - e * g, b * g - a * h, a * e - b * d];
  return [...adjugate, ...rest].map((each) => each / determinant) as unknown as Homography;
}

export function scaled(by: number): Homography {
  return [by, 0, 0, 0, by, 0, 0, 0, 1];
}

export function moved(x: number, y: number): Homography {
  return [1, 0, x, 0, 1, y, 0, 0, 1];
}
