import sharp from 'sharp';
import { hashedSide, PictureLooks, turnedHashes } from '#libs/grading';
import { pictureLimits } from './decode-picture.js';

/** Hashes pictures that were cleaned before: on a ground of white, in grey, shrunk to a square. */
export class SharpPictureLooks extends PictureLooks {
  override async looksOf(bytes: Uint8Array): Promise<readonly bigint[]> {
    const luminance = await sharp(bytes, { limitInputPixels: pictureLimits.pixels })
      .flatten({ background: 'white' })
      .greyscale()
      .resize(hashedSide, hashedSide, { fit: 'fill', kernel: 'cubic' })
      .extractChannel(0)
      .raw()
      .toBuffer();
    return turnedHashes(luminance);
  }
}
