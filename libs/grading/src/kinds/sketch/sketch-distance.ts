import type { Drawing } from '../../ink/ink.js';
import { matchClouds } from '../../ink/match-clouds.js';
import { cloudOfStrokes, type PointCloud } from '../../ink/point-cloud.js';

/** Points of a cloud: more tell hardly better, and cost with their third power. */
export const sketchCloudSize = 64;

/**
 * A drawing that is farther than this from every template is like none of them. Among characters of Omniglot's background alphabets, one drawing
 * of each, 9 in 10 of the same are nearer, and 1 in 13 of others.
 */
export const likeness = 0.35;

/** How many of the nearest are looked at closely. */
const closeLooks = 6;

/** How far a drawing is from a known one. */
export interface Nearness<T> {
  readonly known: T;
  readonly distance: number;
}

/**
 * Known clouds, the nearest first: all as they are, then the nearest few with an affine map (see {@link matchClouds}), which can only bring
 * them nearer.
 */
export function rankByInk<T extends { readonly cloud: PointCloud }>(
  cloud: PointCloud,
  known: readonly T[],
): Nearness<T>[] {
  const rough = known
    .map((each) => ({ known: each, distance: matchClouds(cloud, each.cloud, { rounds: 0 }).distance }))
    .sort((a, b) => a.distance - b.distance);
  const close = rough.slice(0, closeLooks).map(({ known: each, distance }) => ({
    known: each,
    distance: Math.min(distance, matchClouds(cloud, each.cloud).distance),
  }));
  return [...close, ...rough.slice(closeLooks)].sort((a, b) => a.distance - b.distance);
}

/** The cloud of a drawing that has a place. */
export function cloudOf(drawing: Drawing): PointCloud {
  return cloudOfStrokes(drawing, sketchCloudSize)!;
}

/**
 * How sure it is that the nearest is right, by how much farther the next one is: r⁵ / (1 + r⁵) with r = next / nearest. The exponent is the most
 * likely one on tasks drawn from Omniglot's background alphabets.
 */
export function surenessOf(nearest: number, next: number): number {
  if (nearest === 0) return 1;
  const odds = (next / nearest) ** 5;
  return Number.isFinite(odds) ? odds / (1 + odds) : 1;
}
