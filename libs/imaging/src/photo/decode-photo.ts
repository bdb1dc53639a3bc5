import type { OpenPicture } from '../decode-picture.js';
import type { Photo } from './messages.js';

/** Pixels of what is looked at: what is handed in was made no larger than 2,048 × 2,048. */
const mostPixels = 2_048 * 2_048;

/** Red, green and blue, upright, on white where it is transparent. */
export async function toPhoto({ width, height, upright }: OpenPicture): Promise<Photo> {
  const side = Math.sqrt(mostPixels);
  const small =
    width * height > mostPixels ? upright.resize(side, side, { fit: 'inside', withoutEnlargement: true }) : upright;
  const flat = small.flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha();
  const { data, info } = await flat.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  // A copy of its own, which can be given away to a thread.
  return { width: info.width, height: info.height, data: Uint8Array.from(data) };
}
