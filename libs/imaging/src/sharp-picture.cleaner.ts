import sharp, { type Sharp } from 'sharp';
import { fail, isFailure, type Failure } from '#libs/kernel';
import { PictureCleaner, type CleanPicture } from '#libs/learning';
import { Turns } from './turns.js';

/** What a picture may have. */
export const pictureLimits = {
  /** Bytes of an upload. */
  bytes: 12 * 1024 * 1024,
  /** Pixels of an upload, width × height. */
  pixels: 60_000_000,
  /** Longer side of what is kept, in pixels. */
  side: 2_048,
} as const;

type Kind = 'png' | 'jpeg' | 'webp';

const mediaTypes = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

// Of all that the decoder can read, only three formats from memory: no SVG, no PDF, no files, no network.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });
// Each picture on one thread, without a cache: pictures of learners are not kept in memory.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes a picture and encodes it anew: turned upright, at most {@link pictureLimits} large, the first frame only,
 * and without any metadata (place, time, device). Its kind is told from its first bytes, whatever it says it is.
 */
export class SharpPictureCleaner extends PictureCleaner {
  private readonly turns: Turns;

  /** @param atOnce pictures that are decoded at the same time */
  constructor({ atOnce = 2, mayWait = 20 } = {}) {
    super();
    this.turns = new Turns(atOnce, mayWait);
  }

  override async clean(bytes: Uint8Array): Promise<CleanPicture | Failure> {
    if (bytes.length > pictureLimits.bytes) return fail('TOO_LARGE', 'A picture may have 12 MB.');
    const kind = kindOf(bytes);
    if (isFailure(kind)) return kind;
    const cleaned = await this.turns.take(() => decode(bytes, kind));
    return cleaned ?? fail('BUSY', undefined, { retryAfterSeconds: 2 });
  }
}

async function decode(bytes: Uint8Array, kind: Kind): Promise<CleanPicture | Failure> {
  try {
    // The header alone is read without the limit, so that what is too large gets its own answer.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > pictureLimits.pixels) {
      return fail('TOO_LARGE', `A picture may have 60 megapixels; this one has ${width} × ${height}.`);
    }
    const { side } = pictureLimits;
    const upright = open(bytes).autoOrient().resize(side, side, { fit: 'inside', withoutEnlargement: true });
    const { data, info } = await encode(upright, kind).toBuffer({ resolveWithObject: true });
    return { bytes: data, mediaType: mediaTypes[kind], width: info.width, height: info.height };
  } catch {
    return fail('UNSUPPORTED_IMAGE', 'The picture cannot be decoded: it is damaged, or cut off.');
  }
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: pictureLimits.pixels, failOn: 'error', sequentialRead: true, pages: 1 });
}

function encode(picture: Sharp, kind: Kind): Sharp {
  switch (kind) {
    case 'png':
      return picture.png({ compressionLevel: 6 });
    case 'jpeg':
      return picture.jpeg({ quality: 88 });
    case 'webp':
      return picture.webp({ quality: 88 });
  }
}

/** Reads the kind of a picture from its first bytes. */
function kindOf(bytes: Uint8Array): Kind | Failure {
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(4, 8) === 'ftyp' && /^(heic|heix|hevc|mif1|msf1|heim|heis)$/.test(text(8, 12))) {
    return fail(
      'UNSUPPORTED_IMAGE',
      'This is an HEIC picture. Save it as JPEG, or set the camera to “most compatible”.',
    );
  }
  return fail('UNSUPPORTED_IMAGE');
}
