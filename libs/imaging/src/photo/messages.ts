import type { PhotoFinding, PhotoQuality, PhotoRequest, PixelForest, Polarity } from '#libs/grading';

export type {
  CountTask,
  ColourTask,
  LengthTask,
  LinearColour,
  NeedleTask,
  PhotoFinding,
  PhotoQuality,
  PhotoRequest,
  PixelForest,
  PixelTree,
  Polarity,
  Place,
} from '#libs/grading';

/** Red, green and blue from 0 to 255, row by row. */
export interface Photo {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a thread is started with: bytes that OpenCV may hold, and the bounds of what it tells. */
export interface ThreadSettings {
  readonly mostBytes: number;
  readonly limits: { readonly outlines: number; readonly corners: number };
}

/** What is asked of the thread; it answers in order. */
export type ThreadRequest =
  /** It answers when it has loaded OpenCV. */
  | { readonly kind: 'start' }
  | { readonly kind: 'measure'; readonly photo: Photo; readonly request: PhotoRequest }
  | {
      readonly kind: 'learn';
      readonly examples: readonly { readonly photo: Photo; readonly labels: Int32Array<ArrayBuffer> }[];
      readonly seed: number;
    };

/** Its answer, with the bytes that OpenCV holds now: they never become fewer. */
export type ThreadAnswer = { readonly heldBytes: number } & (
  | { readonly kind: 'started' }
  | { readonly kind: 'measured'; readonly quality: PhotoQuality; readonly findings: readonly PhotoFinding[] }
  | { readonly kind: 'frame-missing'; readonly quality: PhotoQuality; readonly found: number }
  | { readonly kind: 'learnt'; readonly forest: PixelForest }
  | { readonly kind: 'failed'; readonly detail: string }
);

/** A photo with the way back from it to the picture that was handed in. */
export interface View extends Photo {
  /** Rows of the homography that takes its pixels to those of the picture; null where they are the same. */
  readonly toPicture: Homography | null;
}

/** Nine numbers, row by row. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** How things are told from their ground. */
export interface SegmentOptions {
  readonly polarity: Polarity;
  /** 255 for each pixel that counts. */
  readonly within: Uint8Array | null;
  /** By how much the threshold is moved, as a share of the contrast; and what a summit needs above its saddle. */
  readonly shift: number;
  readonly separation: number;
}
