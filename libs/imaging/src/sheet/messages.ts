import type { PhotoQuality, SheetScript } from '#libs/grading';
import type { Homography, Photo } from '../photo/messages.js';
import type { Box } from './find-labels.js';
import type { Place2 } from './homography.js';
import type { ReadCharacter } from './load-tesseract.js';

export interface SheetPhotos {
  readonly photo: Photo;
  /** Of the size by which places are told. */
  readonly template: Photo;
}

/** Something that was written, as it is read. */
export interface FoundLabel {
  /** In pixels of the photo. */
  readonly outline: readonly Place2[];
  /** In pixels of the template, as are the ends. */
  readonly box: Box;
  readonly ends: readonly Place2[];
  readonly characters: readonly ReadCharacter[];
}

export type SheetFindings =
  | { readonly kind: 'template-missing'; readonly quality: PhotoQuality }
  | {
      readonly kind: 'sheet-read';
      readonly quality: PhotoQuality;
      readonly toPhoto: Homography;
      readonly labels: readonly FoundLabel[];
    };

/** What a thread is started with: bytes that OpenCV may hold. */
export interface SheetThreadSettings {
  readonly mostBytes: number;
}

/** What is asked of the thread; it answers in order. */
export type SheetThreadRequest =
  /** It answers when it has loaded OpenCV, and Tesseract for a script. */
  | { readonly kind: 'start'; readonly script: SheetScript }
  | ({ readonly kind: 'read'; readonly script: SheetScript } & SheetPhotos);

/** Its answer, with the bytes that OpenCV and Tesseract hold now: they never become fewer. */
export type SheetThreadAnswer = { readonly heldBytes: number } & (
  { readonly kind: 'started' } | SheetFindings | { readonly kind: 'failed'; readonly detail: string }
);
