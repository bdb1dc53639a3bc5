import type { Sharp } from 'sharp';
import type { Failure } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import { cleanHeic, isHeic } from './heic/clean-heic.js';
import { decodePicture, pictureLimits, type OpenPicture, type PictureKind } from './decode-picture.js';

const mediaTypes = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

/**
 * Decodes a picture and encodes it anew: turned upright, at most {@link pictureLimits} large, the first frame only,
 * and without any metadata (place, time, device). What phones write as HEIC becomes a JPEG, which everybody can show.
 */
export function cleanPicture(bytes: Uint8Array): Promise<CleanPicture | Failure> {
  return isHeic(bytes) ? cleanHeic(bytes) : decodePicture(bytes, encodeAnew);
}

async function encodeAnew({ kind, upright }: OpenPicture): Promise<CleanPicture> {
  const { side } = pictureLimits;
  const resized = upright.resize(side, side, { fit: 'inside', withoutEnlargement: true });
  const { data, info } = await encode(resized, kind).toBuffer({ resolveWithObject: true });
  return { bytes: data, mediaType: mediaTypes[kind], width: info.width, height: info.height };
}

function encode(picture: Sharp, kind: PictureKind): Sharp {
  switch (kind) {
    case 'png':
      return picture.png({ compressionLevel: 6 });
    case 'jpeg':
      return picture.jpeg({ quality: 88 });
    case 'webp':
      return picture.webp({ quality: 88 });
  }
}
