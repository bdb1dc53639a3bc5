/** A line that was drawn without lifting the pen: places in pixels, in the order of drawing. */
export type Stroke = readonly (readonly [number, number])[];

/** Several strokes: a drawing. */
export type Drawing = readonly Stroke[];

/** Length of a stroke in pixels. */
export function lengthOf(stroke: Stroke): number {
  let length = 0;
  for (let i = 1; i < stroke.length; i++) {
    const [dx, dy] = [stroke[i]![0] - stroke[i - 1]![0], stroke[i]![1] - stroke[i - 1]![1]];
    length += Math.sqrt(dx * dx + dy * dy);
  }
  return length;
}

/** Walks along a stroke: the places at some distances from its beginning, which must not decrease. */
export function placesAlong(stroke: Stroke, distances: readonly number[]): [number, number][] {
  const places: [number, number][] = [];
  let [at, walked] = [0, 0];
  let step = stepFrom(stroke, at);
  for (const distance of distances) {
    while (at < stroke.length - 2 && walked + step < distance) {
      walked += step;
      step = stepFrom(stroke, ++at);
    }
    const [x, y] = stroke[at]!;
    const [toX, toY] = stroke[Math.min(at + 1, stroke.length - 1)]!;
    const share = step === 0 ? 0 : Math.min(1, Math.max(0, (distance - walked) / step));
    places.push([x + share * (toX - x), y + share * (toY - y)]);
  }
  return places;
}

function stepFrom(stroke: Stroke, at: number): number {
  const [from, to] = [stroke[at], stroke[at + 1]];
  return from === undefined || to === undefined ? 0 : Math.hypot(to[0] - from[0], to[1] - from[1]);
}
