import type { LinearColour } from './model/colour.js';
import type { Polygon } from './model/geometry.js';
import type { PixelForest } from './model/pixel-forest.js';

/** A place on a picture: shares of its width and of its height, from 0 at the left and at the top to 1. */
export type Place = readonly [number, number];

/** Whether what is looked for is lighter or darker than its ground; `auto`: what there is less of. */
export const polarities = ['auto', 'light', 'dark'] as const;
export type Polarity = (typeof polarities)[number];

/** Counts separate things, such as cells: those that touch are taken apart where they are narrow. */
export interface CountTask {
  readonly kind: 'count';
  /** Outline of the part of the picture that counts; null for all of it. */
  readonly region: readonly Place[] | null;
  readonly polarity: Polarity;
  /** Diameters of what counts, as shares of the longer side of the picture; null for whatever there is. */
  readonly diameter: { readonly least: number; readonly most: number } | null;
  /** What tells the pixels inside from those outside where brightness does not; null for a threshold. */
  readonly classifier: PixelForest | null;
}

/** Takes the colour of a region. */
export interface ColourTask {
  readonly kind: 'colour';
  readonly region: readonly Place[];
}

/** Reads where the needle points that turns around a centre. */
export interface NeedleTask {
  readonly kind: 'needle';
  readonly centre: Place;
  /** From the centre to the scale that the needle points to, as a share of the width. */
  readonly radius: number;
}

/** Measures the longer side of the one thing in a region. */
export interface LengthTask {
  readonly kind: 'length';
  readonly region: readonly Place[];
  readonly polarity: Polarity;
}

export type PhotoTask = CountTask | ColourTask | NeedleTask | LengthTask;

/** One thing that was counted. */
export interface CountedThing {
  /** Pixels of the picture as it was handed in; at most {@link photoLimits.corners} of them. */
  readonly outline: Polygon;
  /** Share of the picture, after it was straightened. */
  readonly area: number;
  readonly colour: LinearColour;
}

export type PhotoFinding =
  | {
      readonly kind: 'counted';
      readonly count: number;
      /** What is counted when thresholds are moved a little in either direction: `least` ≤ `count` ≤ `most`. */
      readonly least: number;
      readonly most: number;
      /** At most {@link photoLimits.outlines} of them, the largest. */
      readonly things: readonly CountedThing[];
    }
  /** `spread`: standard deviation of the amounts of light in the region, the largest of the three. */
  | { readonly kind: 'colour'; readonly colour: LinearColour; readonly spread: number; readonly outline: Polygon }
  | {
      readonly kind: 'needle';
      /** Degrees clockwise from straight up, from 0 to 360. */
      readonly angle: number;
      /** How much it stands out from whatever else looks like a needle, from 0 to 1. */
      readonly clearness: number;
      readonly outline: Polygon;
    }
  /** `length`: as a share of the width of the picture. */
  | { readonly kind: 'length'; readonly length: number; readonly outline: Polygon }
  | { readonly kind: 'nothing' };

/** What can be said of a photo as a whole. */
export interface PhotoQuality {
  /** Lightness (0 to 100) below which 99 of 100 pixels are. */
  readonly brightest: number;
  /** Between the lightness of the 1st and of the 99th percentile. */
  readonly contrast: number;
  /** Standard deviation of the blur at the sharpest edges, in thousandths of the longer side. */
  readonly blur: number;
}

export interface PhotoRequest {
  /** Whether the picture is first straightened by its four corner markers, and to which width by height. */
  readonly frame: { readonly aspect: number } | null;
  readonly tasks: readonly PhotoTask[];
}

export interface PhotoMeasured {
  readonly kind: 'measured';
  readonly quality: PhotoQuality;
  /** Of each task, in order. */
  readonly findings: readonly PhotoFinding[];
}

/**
 * Why nothing was measured:
 * - frame-missing: the corner markers are not all to be seen
 * - unreadable: it is no picture that can be decoded
 * - too-slow, crashed: the program was ended, by its clock, or by a fault such as a lack of memory
 * - busy: too many wait already
 */
export interface NotMeasured {
  readonly kind: 'not-measured';
  readonly reason: 'frame-missing' | 'unreadable' | 'too-slow' | 'crashed' | 'busy';
  /** For operators, nothing of the picture. */
  readonly detail: string;
  /** Of `frame-missing`: what is wrong may be the light. */
  readonly quality: PhotoQuality | null;
}

/** What measurements are bounded by. */
export const photoLimits = { outlines: 300, corners: 24, tasks: 60 } as const;

/** A picture whose pixels somebody has labelled, to learn from. */
export interface LabelledPixels {
  readonly picture: Uint8Array;
  /** For each pixel, row by row: 0 outside, else the number of the thing that it belongs to. */
  readonly labels: Int32Array;
}

/** Measures photos of laboratory work. */
export abstract class PhotoMeasurer {
  abstract measure(picture: Uint8Array, request: PhotoRequest): Promise<PhotoMeasured | NotMeasured>;

  /** Learns from a few labelled pictures which pixels are inside of things; the same seed gives the same. */
  abstract learnPixels(examples: readonly LabelledPixels[], seed: number): Promise<PixelForest | NotMeasured>;

  /** Ends its threads. */
  abstract close(): Promise<void>;
}
