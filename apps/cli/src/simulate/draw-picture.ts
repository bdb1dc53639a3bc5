import sharp, { type OverlayOptions } from 'sharp';
import type { DrawnMark } from './simulated-drawing.js';

const dot = 9;
const red = { r: 200, g: 0, b: 0 };

/** Draws labels onto a picture, as a learner's app would, and gives it as PNG. */
export async function drawPicture(template: Uint8Array, marks: readonly DrawnMark[]): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = await sharp(template).metadata();
  const dots = marks.map((mark) => dotOf(mark, width, height));
  const labels = marks.map((mark) => labelOf(mark, width, height));
  const compose = async (overlays: OverlayOptions[]): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await sharp(template).composite(overlays).png({ compressionLevel: 6 }).toBuffer());
  // A machine without fonts cannot write; the marks themselves go beside the picture anyway.
  return compose([...dots, ...labels]).catch(() => compose(dots));
}

function dotOf({ shape: { x, y } }: DrawnMark, width: number, height: number): OverlayOptions {
  return {
    input: { create: { width: dot, height: dot, channels: 3, background: red } },
    left: clamp(x - dot / 2, width - dot),
    top: clamp(y - dot / 2, height - dot),
  };
}

function labelOf({ label, shape: { x, y } }: DrawnMark, width: number, height: number): OverlayOptions {
  const text = `<span foreground="#c80000">${escape(label)}</span>`;
  return {
    input: { text: { text, font: 'sans', dpi: 110, rgba: true } },
    left: clamp(x > width / 2 ? x - 10 - label.length * 9 : x + 10, width - 1),
    top: clamp(y - 8, height - 1),
  };
}

function clamp(value: number, most: number): number {
  return Math.round(Math.min(Math.max(value, 0), most));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
