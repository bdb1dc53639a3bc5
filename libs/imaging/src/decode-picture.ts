import sharp, { type Sharp } from 'sharp';
import { fail, isFailure, type Failure } from '#libs/kernel';

/** What a picture may have. */
export const pictureLimits = {
  /** Bytes of an upload. */
  bytes: 12 * 1024 * 1024,
  /** Pixels of an upload, width × height. */
  pixels: 60_000_000,
  /** Longer side of what is kept, in pixels. */
  side: 2_048,
} as const;

/** Kinds of picture that are decoded. */
export type PictureKind = 'png' | 'jpeg' | 'webp';

/** A picture that may be decoded. */
export interface OpenPicture {
  readonly kind: PictureKind;
  /** Pixels, as a person sees it: upright. */
  readonly width: number;
  readonly height: number;
  /** How its colours are stored, such as srgb, b-w or cmyk. */
  readonly colours: string;
  /** The decoder, told to turn the picture upright. */
  readonly upright: Sharp;
}

// Of all that the decoder can read, only three formats from memory: no SVG, no PDF, no files, no network.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });
// Each picture on one thread, without a cache: pictures of learners are not kept in memory.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Looks at a picture and, where it is within {@link pictureLimits}, gives what it is to the work. What the decoder says against
 * it is a failure: it is damaged, or cut off. Its kind is told from its first bytes, whatever it says it is.
 */
export async function decodePicture<T>(
  bytes: Uint8Array,
  work: (picture: OpenPicture) => Promise<T | Failure>,
): Promise<T | Failure> {
  if (bytes.length > pictureLimits.bytes) return tooManyBytes;
  const kind = kindOf(bytes);
  if (isFailure(kind)) return kind;
  try {
    // The header alone is read without the limit, so that what is too large gets its own answer.
    const { autoOrient, space } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const { width, height } = autoOrient;
    if (width * height > pictureLimits.pixels) return tooManyPixels(width, height);
    const limits = { limitInputPixels: pictureLimits.pixels, failOn: 'error', sequentialRead: true, pages: 1 } as const;
    return await work({ kind, width, height, colours: space, upright: sharp(bytes, limits).autoOrient() });
  } catch {
    return fail('UNSUPPORTED_IMAGE', 'The picture cannot be decoded: it is damaged, or cut off.');
  }
}

export const tooManyBytes = fail('TOO_LARGE', 'A picture may have 12 MB.');

export function tooManyPixels(width: number, height: number): Failure {
  return fail('TOO_LARGE', `A picture may have 60 megapixels; this one has ${width} × ${height}.`);
}

/** Reads the kind of a picture from its first bytes. */
function kindOf(bytes: Uint8Array): PictureKind | Failure {
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  return fail('UNSUPPORTED_IMAGE');
}
