import { fail, type Failure } from '#libs/kernel';
import { PictureReader, type Preprocessing, type Tensor } from '#libs/models';
import { decodePicture, type OpenPicture } from './decode-picture.js';
import { fitted } from './fitted.js';
import { resample, type Box, type Pixels } from './resample.js';
import { Turns } from './turns.js';

type PictureTensor = Tensor & { readonly dtype: 'uint8' };

/** Pixels of a picture that is read; all of them are in memory at once. */
const mostPixels = 16_000_000;

/**
 * Turns a picture into the input of a model: height × width × 3, red, green and blue from 0 to 255. It is first turned upright
 * by its EXIF orientation, brought to sRGB by its colour profile, and put on white where it is transparent. To the last bit
 * this is what training/golden/pictures.py makes of it with Pillow up to 12, where there is no colour profile and nothing
 * is transparent; transparent pixels, and tall pictures with Pillow 13, which goes along their columns first, differ by one
 * level of 255. Pictures for print (CMYK) are refused: their colours depend on who converts them.
 */
export class SharpPictureReader extends PictureReader {
  private readonly turns: Turns;

  /** @param atOnce pictures that are decoded at the same time */
  constructor({ atOnce = 2, mayWait = 20 } = {}) {
    super();
    this.turns = new Turns(atOnce, mayWait);
  }

  override async read(picture: Uint8Array, preprocessing: Preprocessing): Promise<PictureTensor | Failure> {
    const read = await this.turns.take(() => decodePicture(picture, (opened) => toTensor(opened, preprocessing)));
    return read ?? fail('BUSY', undefined, { retryAfterSeconds: 2 });
  }
}

async function toTensor(picture: OpenPicture, how: Preprocessing): Promise<PictureTensor | Failure> {
  const { width, height, colours, upright } = picture;
  if (colours === 'cmyk') return fail('UNSUPPORTED_IMAGE', 'The picture is meant for print. Save it with RGB colours.');
  if (width * height > mostPixels) {
    return fail('TOO_LARGE', `A picture may have 16 megapixels here; this one has ${width} × ${height}.`);
  }
  const flat = upright.flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha();
  const data = await flat.raw({ depth: 'uchar' }).toBuffer();
  const resized = await resize({ width, height, data }, how);
  return { dtype: 'uint8', shape: [how.height, how.width, 3], data: resized.data };
}

async function resize(pixels: Pixels, { resize: mode, width, height, padding }: Preprocessing): Promise<Pixels> {
  const whole = { left: 0, top: 0, width: pixels.width, height: pixels.height };
  switch (mode) {
    case 'squash':
      return resample(pixels, whole, width, height);
    case 'crop':
      return resample(pixels, fitted({ width, height }, pixels), width, height);
    case 'pad': {
      const inner = fitted(pixels, { width, height });
      return padded(await resample(pixels, whole, inner.width, inner.height), inner, { width, height }, padding);
    }
  }
}

function padded(
  { data }: Pixels,
  inner: Box,
  { width, height }: { width: number; height: number },
  colour: Preprocessing['padding'],
): Pixels {
  const around = Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3]!);
  for (let y = 0; y < inner.height; y++) {
    const row = data.subarray(y * inner.width * 3, (y + 1) * inner.width * 3);
    around.set(row, ((inner.top + y) * width + inner.left) * 3);
  }
  return { width, height, data: around };
}
