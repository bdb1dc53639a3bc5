import type { Sharp } from 'sharp';
import { fail, type Failure } from '#libs/kernel';
import { PictureCleaner, type CleanPicture } from '#libs/learning';
import { decodePicture, pictureLimits, type OpenPicture, type PictureKind } from './decode-picture.js';
import { Turns } from './turns.js';

const mediaTypes = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

/**
 * Decodes a picture and encodes it anew: turned upright, at most {@link pictureLimits} large, the first frame only,
 * and without any metadata (place, time, device).
 */
export class SharpPictureCleaner extends PictureCleaner {
  private readonly turns: Turns;

  /** @param atOnce pictures that are decoded at the same time */
  constructor({ atOnce = 2, mayWait = 20 } = {}) {
    super();
    this.turns = new Turns(atOnce, mayWait);
  }

  override async clean(bytes: Uint8Array): Promise<CleanPicture | Failure> {
    const cleaned = await this.turns.take(() => decodePicture(bytes, encodeAnew));
    return cleaned ?? fail('BUSY', undefined, { retryAfterSeconds: 2 });
  }
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
