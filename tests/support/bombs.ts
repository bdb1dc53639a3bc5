// Pictures that are small to send and large, slow or other than they say to decode.
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG that says how large it is and has a few rows of black. */
export function hollowPng(width: number, height: number): Buffer {
  const rows = deflateSync(Buffer.alloc((width + 1) * Math.min(height, 2_000)));
  return Buffer.concat([
    pngMagic,
    pngChunk('IHDR', pngHead(width, height)),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A whole PNG of one colour with 16 bits a channel: within the limits of pixels, a thousand times as large decoded as sent. */
export async function densePng(side: number): Promise<Buffer> {
  const create = { width: side, height: side, channels: 4, background: '#20408080' } as const;
  return sharp({ create, limitInputPixels: false }).toColourspace('rgb16').png({ compressionLevel: 9 }).toBuffer();
}

/** A picture with a text that would be very long unpacked. */
export function wordyPng(picture: Buffer, bytes: number): Buffer {
  const text = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(bytes, 65))]));
  const afterHead = pngMagic.length + 25;
  return Buffer.concat([picture.subarray(0, afterHead), text, picture.subarray(afterHead)]);
}

/** A JPEG in steps of which one comes again and again: each has the decoder go through the whole picture. */
export async function endlessJpeg(side: number, times: number): Promise<Buffer> {
  const create = { width: side, height: side, channels: 3, background: '#204080' } as const;
  const jpeg = await sharp({ create }).jpeg({ progressive: true }).toBuffer();
  const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpeg.subarray(last, -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array.from({ length: times }, () => scan), jpeg.subarray(-2)]);
}

/** A JPEG whose head says that it is of another size. */
export function boastfulJpeg(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  const head = changed.indexOf(Buffer.from([0xff, 0xc0]));
  changed.writeUInt16BE(height, head + 5);
  changed.writeUInt16BE(width, head + 7);
  return changed;
}

function pngHead(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return head;
}

function pngChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
