import type { Polygon } from './model/geometry.js';
import type { MarkShape } from './model/marks.js';
import type { NotMeasured, PhotoQuality } from './photo.ports.js';

/** Scripts that labels on a sheet can be read in. */
export const sheetScripts = ['latin', 'han'] as const;
export type SheetScript = (typeof sheetScripts)[number];

export interface SheetRequest {
  /** The picture that was printed. */
  readonly template: Uint8Array;
  /** Pixels of the template by which places are told. */
  readonly size: { readonly width: number; readonly height: number };
  readonly script: SheetScript;
}

/** What a written character may be: each possibility with its share, all of them together 1 at most; the likeliest first. */
export type SeenCharacter = readonly { readonly text: string; readonly share: number }[];

/** Something that was written on a sheet, on one line. */
export interface SeenLabel {
  /** Around it, in pixels of the photo. */
  readonly outline: Polygon;
  /** Where it stands, as a box; in pixels of the template, beside which it may lie. */
  readonly box: MarkShape;
  /** Where the lines end that are drawn from it, as points in pixels of the template; none where there are none. */
  readonly ends: readonly MarkShape[];
  /** From left to right; a space between words is a character. None where it is no writing that can be read. */
  readonly characters: readonly SeenCharacter[];
}

export interface SheetRead {
  readonly kind: 'read';
  readonly quality: PhotoQuality;
  /** In no order that means anything. */
  readonly labels: readonly SeenLabel[];
  /** Where places of the template are on the photo: pixels to pixels. */
  readonly toPhoto: (place: readonly [number, number]) => readonly [number, number];
}

/** Why nothing was read: `template-missing`: the printed picture is not to be seen; else as of {@link NotMeasured}. */
export interface SheetUnread {
  readonly kind: 'unread';
  readonly reason: 'template-missing' | Exclude<NotMeasured['reason'], 'frame-missing'>;
  /** For operators, nothing of the picture. */
  readonly detail: string;
  /** Of `template-missing`: what is wrong may be the light. */
  readonly quality: PhotoQuality | null;
}

/** Reads what is written on a printed picture that was photographed. */
export abstract class SheetReader {
  abstract read(photo: Uint8Array, request: SheetRequest): Promise<SheetRead | SheetUnread>;

  /** Ends its threads. */
  abstract close(): Promise<void>;
}
