import jsQR from 'jsqr';
import sharp, { type Sharp } from 'sharp';
import type { CleanPicture, PictureType } from '#libs/learning';
import { isSheetCode, PageReader, type PageGlance, type ScanTurn } from '#libs/grading';
import { pictureLimits } from '../decode-picture.js';
import { shareOfInk } from './share-of-ink.js';

/** Longer side, in pixels, of the picture in which ink is looked for, and of that in which a code is. */
const sides = { ink: 512, code: 1_400 } as const;

/** Share of the paper that has ink, below which nothing is written: dust has less, a name in pencil more. */
const blankBelow = 0.0004;

/** jsQR is a CommonJS module: Node gives the function itself for its exports, where the types see a module around it. */
const readCode = jsQR as unknown as typeof jsQR.default;

/** Looks at pictures of pages with sharp, and reads codes with jsQR. */
export class SharpPageReader extends PageReader {
  override async glance(bytes: Uint8Array): Promise<PageGlance> {
    const grey = await open(bytes)
      .flatten({ background: 'white' })
      .greyscale()
      .resize(sides.ink, sides.ink, { fit: 'inside' })
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = grey.info;
    const isBlank = shareOfInk({ pixels: grey.data, width, height }) < blankBelow;
    return { isBlank, code: isBlank ? null : await codeOn(bytes) };
  }

  override async turn(bytes: Uint8Array, turn: ScanTurn): Promise<CleanPicture> {
    const picture = open(bytes);
    const { format, width, height } = await picture.metadata();
    const mediaType = `image/${format}` as PictureType;
    if (turn === 0) return { bytes, mediaType, width, height };
    const turned = picture.rotate(turn);
    const encoded = format === 'png' ? turned.png({ compressionLevel: 6 }) : turned.toFormat(format, { quality: 88 });
    const { data, info } = await encoded.toBuffer({ resolveWithObject: true });
    return { bytes: data, mediaType, width: info.width, height: info.height };
  }
}

async function codeOn(bytes: Uint8Array): Promise<string | null> {
  const { data, info } = await open(bytes)
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .resize(sides.code, sides.code, { fit: 'inside', withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  const text = readCode(pixels, info.width, info.height, { inversionAttempts: 'dontInvert' })?.data ?? '';
  return isSheetCode(text) ? text : null;
}

function open(bytes: Uint8Array): Sharp {
  return sharp(bytes, { limitInputPixels: pictureLimits.pixels });
}
