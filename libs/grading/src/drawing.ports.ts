import type { Bounds } from './model/geometry.js';

/** A place on the picture, in pixels. */
type Pixel = readonly [number, number];

/** Something that was found on a photo, and how sure that is: 0–1. */
interface Detected {
  readonly probability: number;
  readonly box: Bounds;
}

export interface DetectedShape extends Detected {
  /** As the model calls it. */
  readonly label: string;
}

/** An arrow with its two ends, in pixels of the picture. */
export interface DetectedArrow extends Detected {
  readonly label: string;
  readonly tail: Pixel;
  readonly head: Pixel;
  /** How surely a tail and a head were seen at its ends: 0–1, the less sure of the two. */
  readonly ends: number;
}

/** What was found on a photo of a diagram, each the surest first. Words are found, and not read. */
export interface DetectedDrawing {
  readonly kind: 'detected';
  readonly shapes: readonly DetectedShape[];
  readonly arrows: readonly DetectedArrow[];
  readonly words: readonly Detected[];
}

/**
 * Why nothing was detected:
 * - unreadable: it is no picture that can be decoded
 * - busy, too-slow: there was no answer in time
 * - broken: the model cannot be run
 */
export interface NotDetected {
  readonly kind: 'not-detected';
  readonly reason: 'unreadable' | 'busy' | 'too-slow' | 'broken';
  /** For operators, nothing of the picture. */
  readonly detail: string;
}

/** What a detector does on photos of others than it learnt from, by its card: F1 of shapes and of arrows, 0–1. */
export interface DetectorFigures {
  readonly shapes: number;
  readonly arrows: number;
}

/** A photo as it was handed in: upright, its size in pixels. */
export interface PhotoToRead {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Finds shapes, arrows and words of hand-drawn diagrams on photos. */
export abstract class DrawingDetector {
  /** @param labels of shapes that may be there: a notation has its own */
  abstract detect(photo: PhotoToRead, labels: ReadonlySet<string>): Promise<DetectedDrawing | NotDetected>;

  /** @throws where its package cannot be read */
  abstract figures(): Promise<DetectorFigures>;
}
