// The needle of a gauge, and the length of a thing.
import { withMats } from './load-open-cv.js';
import { maskOfThings, standOut, tidy } from './segment.js';
import { maskOf, onPicture, pixelsOf } from './view.js';
import type { OpenCv } from './open-cv.js';
import type { LengthTask, NeedleTask, PhotoFinding, View } from './messages.js';

/** Directions that are looked into. */
const directions = 720;
/** The part of the radius that is looked at: outside the hub, inside the marks of the scale. */
const [from, to] = [0.25, 0.7];
/** Degrees beside the needle that are its own, and those of its tail. */
const own = 12;

/**
 * Finds the needle: the direction from the centre along which the face is darkest, or lightest, by the mean over the middle
 * part of the radius. A line is then fitted through its darkest places at each distance, so that a centre which is a
 * little off does not turn it.
 */
export function findNeedle(view: View, task: NeedleTask): PhotoFinding {
  const [x, y] = [task.centre[0] * view.width, task.centre[1] * view.height];
  const radius = task.radius * view.width;
  const steps = Math.max(8, Math.round((to - from) * radius));
  const grey = sampler(view);
  const rings = Array.from({ length: steps }, (_none, step) => {
    const distance = radius * (from + ((to - from) * step) / (steps - 1));
    const ring = Float32Array.from({ length: directions }, (_, direction) => {
      const angle = (2 * Math.PI * direction) / directions;
      return grey(x + distance * Math.sin(angle), y - distance * Math.cos(angle));
    });
    const middle = ring.slice().sort()[directions / 2]!;
    return { distance, values: ring.map((value) => value - middle) };
  });
  const means = Float32Array.from(
    { length: directions },
    (_, direction) => rings.reduce((sum, { values }) => sum + values[direction]!, 0) / steps,
  );
  const peak = strongest(means, () => true);
  const strength = Math.abs(means[peak]!);
  const sign = Math.sign(means[peak]!);
  const apart = (direction: number) => Math.abs(((direction - peak + 1.5 * directions) % directions) - directions / 2);
  const degrees = (direction: number) => (apart(direction) * 360) / directions;
  const rest = strongest(means, (direction) => degrees(direction) > own && degrees(direction) < 180 - own);
  if (strength < 8) return { kind: 'nothing' };
  const points = rings.flatMap(({ distance, values }) => {
    const reach = Math.round((own * directions) / 360);
    let [sum, weights] = [0, 0];
    for (let off = -reach; off <= reach; off++) {
      const value = sign * values[(peak + off + directions) % directions]!;
      if (value > strength / 2) [sum, weights] = [sum + value * off, weights + value];
    }
    if (weights === 0) return [];
    const angle = (2 * Math.PI * (peak + sum / weights)) / directions;
    return [[x + distance * Math.sin(angle), y - distance * Math.cos(angle)] as const];
  });
  const angle = directionOf(points, (2 * Math.PI * peak) / directions);
  const clearness = Math.max(0, Math.min(1, 1 - Math.abs(means[rest]!) / strength));
  const outline = onPicture(view, stripAlong({ x, y }, angle, radius));
  return { kind: 'needle', angle: ((angle * 180) / Math.PI + 720) % 360, clearness, outline };
}

/** A narrow strip from the centre to four fifths of the radius. */
function stripAlong(centre: { x: number; y: number }, angle: number, radius: number): [number, number][] {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const place = (along: number, across: number): [number, number] => [
    centre.x + radius * (along * sin + across * cos),
    centre.y + radius * (across * sin - along * cos),
  ];
  return [place(0, -0.04), place(0.8, -0.04), place(0.8, 0.04), place(0, 0.04)];
}

function strongest(means: Float32Array, counts: (direction: number) => boolean) {
  let best = -1;
  means.forEach((mean, direction) => {
    if (counts(direction) && (best < 0 || Math.abs(mean) > Math.abs(means[best]!))) best = direction;
  });
  return best;
}

/**
 * The direction of the line of least squares through some points, in radians clockwise from up, towards where it is known to lead.
 */
function directionOf(points: readonly (readonly [number, number])[], about: number) {
  if (points.length < 3) return about;
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const middle = [mean(0), mean(1)] as const;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [px, py] of points) {
    const [dx, dy] = [px - middle[0], py - middle[1]];
    [xx, xy, yy] = [xx + dx * dx, xy + dx * dy, yy + dy * dy];
  }
  const along = Math.atan2(2 * xy, xx - yy) / 2;
  const angle = Math.PI / 2 + along;
  return Math.cos(angle - about) < 0 ? angle + Math.PI : angle;
}

/** Brightness between pixels, 0 to 255; beyond the edge that of the edge. */
function sampler({ width, height, data }: View) {
  const at = (x: number, y: number) => {
    const place = 3 * (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x)));
    return (data[place]! + data[place + 1]! + data[place + 2]!) / 3;
  };
  return (x: number, y: number) => {
    const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
    const [dx, dy] = [x - 0.5 - left, y - 0.5 - top];
    const above = at(left, top) * (1 - dx) + at(left + 1, top) * dx;
    const below = at(left, top + 1) * (1 - dx) + at(left + 1, top + 1) * dx;
    return above * (1 - dy) + below * dy;
  };
}

/**
 * The longer side of the smallest rectangle around the largest thing in a region.
 */
export function measureLength(cv: OpenCv, view: View, task: LengthTask): PhotoFinding {
  const within = maskOf(view, pixelsOf(view, task.region));
  const standing = standOut(cv, view, { polarity: task.polarity, within });
  if (standing === null) return { kind: 'nothing' };
  return withMats((keep) => {
    const mask = maskOfThings(cv, standing, 0, keep);
    tidy(cv, mask, 0);
    const [contours, hierarchy] = [keep(new cv.MatVector()), keep(new cv.Mat())];
    cv.findContours(mask, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
    const boxes = Array.from({ length: contours.size() }, (_, index) => cv.minAreaRect(keep(contours.get(index))));
    const [largest] = boxes.sort((a, b) => b.size.width * b.size.height - a.size.width * a.size.height);
    if (largest === undefined) return { kind: 'nothing' };
    const { center, size, angle } = largest;
    const turn = (angle * Math.PI) / 180;
    // The rectangle goes through the middles of the outermost pixels.
    const [across, down] = [size.width + 1, size.height + 1];
    const corner = (u: number, v: number): [number, number] => [
      center.x + 0.5 + (u * across * Math.cos(turn) - v * down * Math.sin(turn)) / 2,
      center.y + 0.5 + (u * across * Math.sin(turn) + v * down * Math.cos(turn)) / 2,
    ];
    const outline = onPicture(view, [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]);
    return { kind: 'length', length: Math.max(across, down) / view.width, outline };
  });
}
