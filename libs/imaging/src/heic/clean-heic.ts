import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { fail, type Failure } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import { pictureLimits, tooManyBytes, tooManyPixels } from '../decode-picture.js';
import { loadLibHeif, type HeifImage, type LibHeif } from './load-libheif.js';

/** Brands of files that hold one picture, or a sequence that begins with one, coded as HEVC. */
const brands = /^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)$/;

/** Whether it begins as pictures of phones do. */
export function isHeic(bytes: Uint8Array): boolean {
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  return text(4, 8) === 'ftyp' && brands.test(text(8, 12));
}

let library: LibHeif | null = null;

/**
 * Decodes the main image of an HEIC picture and encodes it as JPEG, as other pictures are: upright, at most {@link pictureLimits}
 * large, in sRGB by its colour profile, without any metadata.
 */
export async function cleanHeic(bytes: Uint8Array): Promise<CleanPicture | Failure> {
  if (bytes.length > pictureLimits.bytes) return tooManyBytes;
  library ??= loadLibHeif();
  const decoder = new library.HeifDecoder();
  const images = decoder.decode(bytes);
  try {
    const image = images.find((each) => each.is_primary()) ?? images[0];
    if (image === undefined) return damaged;
    const [width, height] = [image.get_width(), image.get_height()];
    if (width * height > pictureLimits.pixels) return tooManyPixels(width, height);
    const data = await pixelsOf(image, width, height);
    if (data === null) return damaged;
    const small = shrink(sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha());
    const profile = profileOf(bytes);
    return await encode(profile === null ? small : await inProfile(small, profile));
  } finally {
    for (const each of images) each.free();
    decoder.decoder.delete();
  }
}

const damaged = fail(
  'UNSUPPORTED_IMAGE',
  'The HEIC picture cannot be decoded: it is damaged, or of a rare kind. Save it as JPEG.',
);

function pixelsOf(image: HeifImage, width: number, height: number): Promise<Uint8ClampedArray | null> {
  const data = new Uint8ClampedArray(width * height * 4);
  return new Promise((resolve) => image.display({ data, width, height }, (shown) => resolve(shown?.data ?? null)));
}

function shrink(picture: Sharp): Sharp {
  const { side } = pictureLimits;
  return picture.resize(side, side, { fit: 'inside', withoutEnlargement: true });
}

/**
 * The ICC profile in a file: what follows `colr` and `prof` in a box of that length. The library gives none; of several, those of
 * thumbnails, the first is that of the picture.
 */
function profileOf(bytes: Uint8Array): Buffer | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const place = file.indexOf('colrprof');
  if (place < 4) return null;
  const end = place - 4 + file.readUInt32BE(place - 4);
  return end > place + 8 && end <= file.length ? file.subarray(place + 8, end) : null;
}

/** Pixels that know their colour profile: raw ones cannot say it, so they go through a PNG that does, uncompressed. */
async function inProfile(pixels: Sharp, profile: Buffer): Promise<Sharp> {
  const png = await pixels.png({ compressionLevel: 0 }).toBuffer();
  const afterHead = 8 + 25;
  const body = Buffer.concat([Buffer.from('iCCPprofile\0\0'), deflateSync(profile)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return sharp(Buffer.concat([png.subarray(0, afterHead), chunk, png.subarray(afterHead)]));
}

async function encode(picture: Sharp): Promise<CleanPicture> {
  const { data, info } = await picture.jpeg({ quality: 88 }).toBuffer({ resolveWithObject: true });
  return { bytes: data, mediaType: 'image/jpeg', width: info.width, height: info.height };
}
